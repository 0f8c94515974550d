-- People of the panel, their sessions, one-time links, failed logins, and who did what. Instants are ISO, naive local.
CREATE TABLE member (
    id INTEGER PRIMARY KEY,
    login TEXT NOT NULL UNIQUE COLLATE NOCASE,
    name TEXT NOT NULL,
    role INTEGER NOT NULL,
    password TEXT NOT NULL,
    active INTEGER NOT NULL DEFAULT 1,
    created_at TEXT NOT NULL
);
-- member is NULL for who sits at this computer. Tokens are kept as SHA-256 only.
CREATE TABLE session (
    token TEXT PRIMARY KEY,
    member INTEGER REFERENCES member (id) ON DELETE CASCADE,
    csrf TEXT NOT NULL,
    opened_at TEXT NOT NULL,
    used_at TEXT NOT NULL,
    address TEXT NOT NULL,
    agent TEXT NOT NULL
);
CREATE TABLE entry (token TEXT PRIMARY KEY, expires_at TEXT NOT NULL);
CREATE TABLE failed_login (login TEXT NOT NULL COLLATE NOCASE, address TEXT NOT NULL, at TEXT NOT NULL);
CREATE INDEX failed_login_at ON failed_login (at);
CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    address TEXT NOT NULL,
    action TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX audit_at ON audit (at);
