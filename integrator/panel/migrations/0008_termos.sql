-- Consent terms asked from the panel: who asked, when, for what, and what became of each phone (E.164 digits).
CREATE TABLE consent_term (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    shop TEXT NOT NULL,
    purposes TEXT NOT NULL,
    undone_at TEXT,
    undone_by TEXT,
    withdrawn INTEGER
);
CREATE TABLE consent_term_line (
    term INTEGER NOT NULL REFERENCES consent_term (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    phone TEXT NOT NULL,
    outcome TEXT NOT NULL,
    PRIMARY KEY (term, number)
);
CREATE INDEX consent_term_line_phone ON consent_term_line (phone);
