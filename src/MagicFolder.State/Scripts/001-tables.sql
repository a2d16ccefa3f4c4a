-- The state of one participant. Described in docs/formats/state-database.md.
-- Paths are sort keys (UTF-8 with NUL between names): memcmp, and so BINARY order, is the order of a sorted walk.
-- Dots are 24 bytes each, ascending: actor (16), seq (8, big-endian). A value is six columns (kind 0 file, 1 directory, 2 symlink), a
-- disk signature five; inode and device are unsigned 64-bit numbers stored as the signed ones with the same bits.

CREATE TABLE identity (
    id          INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    folder      BLOB NOT NULL,
    participant TEXT NOT NULL,
    actor       BLOB NOT NULL,
    nonce       BLOB NOT NULL
) STRICT;

CREATE TABLE versions (
    id                 INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    root               BLOB NOT NULL,
    published_seq      INTEGER NOT NULL,
    published_snapshot BLOB,
    published_root     BLOB,
    head_seqnum        INTEGER NOT NULL
) STRICT;

CREATE TABLE observations (
    actor       BLOB NOT NULL PRIMARY KEY,
    seq         INTEGER NOT NULL,
    snapshot    BLOB NOT NULL,
    nonce       BLOB NOT NULL,
    fingerprint BLOB NOT NULL,
    signature   BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- With rowid: nodes are kilobytes, and large rows make a bad clustered index.
CREATE TABLE nodes (
    id   BLOB NOT NULL PRIMARY KEY,
    node BLOB NOT NULL
) STRICT;

CREATE TABLE records (
    path        BLOB NOT NULL PRIMARY KEY,
    dots        BLOB NOT NULL,
    kind        INTEGER NOT NULL,
    size        INTEGER NOT NULL,
    mtime_ns    INTEGER NOT NULL,
    mode        INTEGER NOT NULL,
    content     BLOB,
    link        TEXT,
    disk_size   INTEGER NOT NULL,
    disk_mtime  INTEGER NOT NULL,
    disk_ctime  INTEGER NOT NULL,
    disk_inode  INTEGER NOT NULL,
    disk_device INTEGER NOT NULL,
    implied     INTEGER NOT NULL,
    racy        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX records_by_content ON records (content) WHERE content IS NOT NULL;
CREATE INDEX records_racy ON records (path) WHERE racy = 1;

CREATE TABLE conflict_files (
    file        BLOB NOT NULL PRIMARY KEY,
    main        BLOB NOT NULL,
    dots        BLOB NOT NULL,
    kind        INTEGER NOT NULL,
    size        INTEGER NOT NULL,
    mtime_ns    INTEGER NOT NULL,
    mode        INTEGER NOT NULL,
    content     BLOB,
    link        TEXT,
    disk_size   INTEGER NOT NULL,
    disk_mtime  INTEGER NOT NULL,
    disk_ctime  INTEGER NOT NULL,
    disk_inode  INTEGER NOT NULL,
    disk_device INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX conflict_files_by_main ON conflict_files (main);

CREATE TABLE pending (
    path BLOB NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TABLE packs (
    id           INTEGER NOT NULL PRIMARY KEY,
    cap          TEXT NOT NULL UNIQUE,
    leased_until INTEGER NOT NULL DEFAULT 0,
    own          INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX packs_by_lease ON packs (leased_until);

CREATE TABLE blobs (
    id       BLOB NOT NULL,
    pack     INTEGER NOT NULL REFERENCES packs (id) ON DELETE CASCADE,
    offset   INTEGER NOT NULL,
    stored   INTEGER NOT NULL,
    plain    INTEGER NOT NULL,
    encoding INTEGER NOT NULL,
    checked  INTEGER NOT NULL,
    PRIMARY KEY (id, pack, offset, stored, plain, encoding)
) STRICT, WITHOUT ROWID;

CREATE INDEX blobs_by_pack ON blobs (pack);

CREATE TABLE chunk_lists (
    content BLOB NOT NULL,
    list    BLOB NOT NULL,
    checked INTEGER NOT NULL,
    PRIMARY KEY (content, list)
) STRICT, WITHOUT ROWID;

CREATE TABLE heads (
    personal TEXT NOT NULL PRIMARY KEY,
    seqnum   INTEGER NOT NULL,
    actor    BLOB NOT NULL,
    seq      INTEGER NOT NULL,
    snapshot BLOB NOT NULL,
    root     BLOB NOT NULL,
    time_ms  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sealed (
    id          INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    seq         INTEGER NOT NULL,
    snapshot_id BLOB NOT NULL,
    snapshot    BLOB NOT NULL,
    root        BLOB NOT NULL,
    head        BLOB
) STRICT;

CREATE TABLE intents (
    id              INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    intent          INTEGER NOT NULL,
    path            BLOB NOT NULL,
    stage           BLOB NOT NULL,
    dots            BLOB NOT NULL,
    kind            INTEGER,
    size            INTEGER,
    mtime_ns        INTEGER,
    mode            INTEGER,
    content         BLOB,
    link            TEXT,
    expected_size   INTEGER,
    expected_mtime  INTEGER,
    expected_ctime  INTEGER,
    expected_inode  INTEGER,
    expected_device INTEGER,
    staged_size     INTEGER,
    staged_mtime    INTEGER,
    staged_ctime    INTEGER,
    staged_inode    INTEGER,
    staged_device   INTEGER,
    conflict_of     BLOB
) STRICT;

CREATE TABLE leftovers (
    stage       BLOB NOT NULL PRIMARY KEY,
    path        BLOB NOT NULL,
    dots        BLOB NOT NULL,
    kind        INTEGER NOT NULL,
    size        INTEGER NOT NULL,
    mtime_ns    INTEGER NOT NULL,
    mode        INTEGER NOT NULL,
    content     BLOB,
    link        TEXT,
    disk_size   INTEGER NOT NULL,
    disk_mtime  INTEGER NOT NULL,
    disk_ctime  INTEGER NOT NULL,
    disk_inode  INTEGER NOT NULL,
    disk_device INTEGER NOT NULL,
    since_ms    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- AUTOINCREMENT: an id once shown is never given to another row, even after trimming.
CREATE TABLE activity (
    id      INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    time_ms INTEGER NOT NULL,
    path    BLOB,
    kind    TEXT NOT NULL,
    text    TEXT NOT NULL
) STRICT;

CREATE INDEX activity_by_path ON activity (path, id) WHERE path IS NOT NULL;

CREATE TABLE problems (
    path   TEXT NOT NULL,
    source TEXT NOT NULL,
    reason TEXT NOT NULL,
    advice TEXT NOT NULL,
    PRIMARY KEY (path, source)
) STRICT, WITHOUT ROWID;

CREATE TABLE guard (
    id       INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    origin   TEXT NOT NULL,
    count    INTEGER NOT NULL,
    of       INTEGER NOT NULL,
    since_ms INTEGER NOT NULL
) STRICT;
