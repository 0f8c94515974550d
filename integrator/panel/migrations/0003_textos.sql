-- Versions of the shop's texts, newest last: the text as it was written, empty for the program's own. `who` is the
-- person's name, empty where the configuration was found changed outside of the panel. Nothing here is ever changed.
CREATE TABLE text_version (
    id INTEGER PRIMARY KEY,
    module TEXT NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    who TEXT NOT NULL,
    at TEXT NOT NULL
);
CREATE INDEX text_version_of ON text_version (module, kind, id);
