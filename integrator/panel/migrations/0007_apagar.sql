-- Erasures that have begun: what the queue forgets of a person is noted here first, so that the journal and this file
-- forget it too, whatever stops in between. Each goes when it is through. numbers: JSON, the spellings of the number.
CREATE TABLE erasure (id INTEGER PRIMARY KEY, shop TEXT NOT NULL, numbers TEXT NOT NULL);
CREATE TABLE erasure_row (
    erasure INTEGER NOT NULL REFERENCES erasure (id) ON DELETE CASCADE,
    row INTEGER NOT NULL,
    guid TEXT NOT NULL,
    PRIMARY KEY (erasure, guid)
);
