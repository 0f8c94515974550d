-- Many answers written at once: who, when, where it was said, and what became of each line. Phones in E.164 digits.
CREATE TABLE consent_bulk (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    shop TEXT NOT NULL,
    kind TEXT NOT NULL,
    purposes TEXT NOT NULL,
    origin TEXT NOT NULL,
    source TEXT NOT NULL,
    undone_at TEXT,
    undone_by TEXT,
    withdrawn INTEGER
);
CREATE TABLE consent_bulk_line (
    bulk INTEGER NOT NULL REFERENCES consent_bulk (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    phone TEXT NOT NULL,
    purpose TEXT NOT NULL,
    outcome TEXT NOT NULL,
    PRIMARY KEY (bulk, number)
);
CREATE INDEX consent_bulk_line_phone ON consent_bulk_line (phone);
