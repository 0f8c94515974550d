-- To whom this computer ever wrote is asked at every message that a person writes.
CREATE INDEX post_destination ON post (destination);
