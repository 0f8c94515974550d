-- What people wrote to each number, as a digest, and the automatic answers to it: each message has at most one.
CREATE TABLE heard (
    instance TEXT NOT NULL,
    inbound_id TEXT NOT NULL,
    phone TEXT NOT NULL,
    digest TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (instance, inbound_id)
) WITHOUT ROWID;
CREATE INDEX heard_phone ON heard (phone, at);
CREATE TABLE reply (
    instance TEXT NOT NULL,
    inbound_id TEXT NOT NULL,
    phone TEXT NOT NULL,
    kind TEXT NOT NULL,
    provider_id TEXT NOT NULL,
    state TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (instance, inbound_id)
) WITHOUT ROWID;
CREATE INDEX reply_phone ON reply (phone, at);
