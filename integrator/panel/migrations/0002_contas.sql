-- A password that somebody else chose is changed by its person at the first sign-in. Failed logins are counted by
-- account (as a digest: people type their password there by mistake) and by address.
ALTER TABLE member ADD COLUMN provisional INTEGER NOT NULL DEFAULT 0;
CREATE INDEX failed_login_who ON failed_login (login, at);
CREATE INDEX failed_login_where ON failed_login (address, at);
CREATE INDEX session_member ON session (member);
CREATE INDEX audit_who ON audit (who, id);
