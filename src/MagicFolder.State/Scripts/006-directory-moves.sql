-- Directories that are about to be moved in one step with all that is in them, so that a crash in the middle is recognized: it has happened if the directory is at its new place.
CREATE TABLE directory_moves (
    source      BLOB NOT NULL PRIMARY KEY,
    target      BLOB NOT NULL,
    disk_inode  INTEGER NOT NULL,
    disk_device INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
