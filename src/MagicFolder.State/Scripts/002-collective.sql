-- The newest Collective that was read: the storage may show an older one, or none.
CREATE TABLE collective (
    id      INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    seqnum  INTEGER NOT NULL,
    content BLOB NOT NULL
) STRICT;
