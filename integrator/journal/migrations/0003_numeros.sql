-- Sender numbers: how long each was in use, what warned of it, and to whom it wrote on which day (as a digest).
CREATE TABLE sender (
    number TEXT PRIMARY KEY,
    instance TEXT NOT NULL,
    used TEXT NOT NULL DEFAULT '',
    first_seen TEXT NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0,
    cold_until TEXT,
    stopped_at TEXT,
    stopped_why TEXT NOT NULL DEFAULT ''
);
CREATE TABLE sender_sign (number TEXT NOT NULL, at TEXT NOT NULL, why TEXT NOT NULL);
CREATE TABLE sender_contact (
    number TEXT NOT NULL,
    day TEXT NOT NULL,
    contact TEXT NOT NULL,
    cold INTEGER NOT NULL,
    PRIMARY KEY (number, day, contact)
) WITHOUT ROWID;
