-- The journal: one row per posted part, numbers asked, rows that left per instance, receipt cursors.
CREATE TABLE journal (id TEXT NOT NULL, began TEXT NOT NULL);
CREATE TABLE post (
    database TEXT NOT NULL,
    guid TEXT NOT NULL,
    row_key TEXT NOT NULL,
    part INTEGER NOT NULL,
    parts INTEGER NOT NULL,
    kind TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    file_name TEXT NOT NULL,
    destination TEXT NOT NULL,
    provider_id TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (database, guid, part)
);
CREATE UNIQUE INDEX post_key ON post (database, row_key, part);
CREATE TABLE sent_row (instance TEXT NOT NULL, guid TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (instance, guid));
CREATE INDEX sent_row_at ON sent_row (instance, at);
CREATE TABLE number (query TEXT PRIMARY KEY, found INTEGER NOT NULL, canonical TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE cursor (instance TEXT PRIMARY KEY, value INTEGER NOT NULL);
