-- Events of all numbers in order of arrival. `token` makes a repeated one the same: provider id and kind of a receipt,
-- or the id of what a person wrote.
CREATE TABLE event (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    instance TEXT NOT NULL,
    token TEXT NOT NULL,
    kind TEXT NOT NULL,
    provider_id TEXT NOT NULL,
    sender TEXT NOT NULL,
    name TEXT NOT NULL,
    text TEXT NOT NULL,
    at TEXT NOT NULL,
    stored_at TEXT NOT NULL,
    UNIQUE (instance, token)
);
CREATE INDEX event_provider ON event (instance, provider_id);
CREATE INDEX event_sender ON event (sender);
