-- One row for each origin: what others deleted may be held while what vanished here is held, too.
CREATE TABLE guards (
    origin   TEXT NOT NULL PRIMARY KEY,
    count    INTEGER NOT NULL,
    of       INTEGER NOT NULL,
    going    INTEGER NOT NULL,
    since_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO guards (origin, count, of, going, since_ms) SELECT origin, count, of, count, since_ms FROM guard;

DROP TABLE guard;
