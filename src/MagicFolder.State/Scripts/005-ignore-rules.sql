-- The rules of what to ignore that were in force last, as texts: what they ignored comes back when they no longer do, and they hold on while a file of rules cannot be read.
CREATE TABLE ignore_rules (
    id       INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    defaults BLOB NOT NULL,
    shared   BLOB NOT NULL,
    local    BLOB NOT NULL
) STRICT;
