-- Keys of the HTTP API (SHA-256 of the token only), where each wants to be called back, what is still to be told, and how
-- far each ERP database's events were read. Instants are ISO, naive local.
CREATE TABLE api_key (
    id TEXT PRIMARY KEY,
    token TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    actions TEXT NOT NULL,
    database TEXT NOT NULL,
    per_second INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    created_at TEXT NOT NULL,
    used_at TEXT,
    revoked_at TEXT
);
-- The secret signs what we post; it must be known to us, and is worth nothing for asking the API. away: attempts in a row
-- that nobody answered; until quiet_until nothing is tried.
CREATE TABLE api_callback (
    key TEXT PRIMARY KEY REFERENCES api_key (id) ON DELETE CASCADE,
    url TEXT NOT NULL,
    secret TEXT NOT NULL,
    all_rows INTEGER NOT NULL,
    last_at TEXT,
    last_answer TEXT NOT NULL DEFAULT '',
    away INTEGER NOT NULL DEFAULT 0,
    quiet_until TEXT NOT NULL DEFAULT ''
);
-- One event to be told. body: JSON without the instant of posting. done_at: told; given_up_at: a day long nobody answered.
CREATE TABLE api_delivery (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL REFERENCES api_callback (key) ON DELETE CASCADE,
    event TEXT NOT NULL UNIQUE,
    message TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at TEXT NOT NULL,
    next_at TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    answer TEXT NOT NULL DEFAULT '',
    done_at TEXT,
    given_up_at TEXT
);
CREATE INDEX api_delivery_open ON api_delivery (key, id) WHERE done_at IS NULL AND given_up_at IS NULL;
-- database: BANCO_GUID. Numbers of events that were missing when later ones were read: their transactions had not ended.
CREATE TABLE api_cursor (database TEXT PRIMARY KEY, event INTEGER NOT NULL);
CREATE TABLE api_gap (
    database TEXT NOT NULL REFERENCES api_cursor (database) ON DELETE CASCADE,
    low INTEGER NOT NULL,
    high INTEGER NOT NULL,
    noticed_at TEXT NOT NULL,
    PRIMARY KEY (database, low)
);
