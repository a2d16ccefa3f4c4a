-- Where a new state could not look when it saw its directory for the first time. What is found there later may be what was there before the state was lost.
CREATE TABLE unseen (
    path BLOB NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;
