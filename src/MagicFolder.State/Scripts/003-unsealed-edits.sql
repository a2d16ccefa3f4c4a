-- The size in the signature of a directory is -1: what the disk calls its size means nothing, and a file may have had its inode number.
UPDATE intents SET expected_size = -1 WHERE expected_size IS NOT NULL AND path IN (SELECT path FROM records WHERE kind = 1);
UPDATE intents SET staged_size = -1 WHERE staged_size IS NOT NULL AND kind = 1;
UPDATE records SET disk_size = -1 WHERE kind = 1;
UPDATE conflict_files SET disk_size = -1 WHERE kind = 1;
UPDATE leftovers SET disk_size = -1 WHERE kind = 1;

-- Edits that no snapshot has yet; an earlier program did not note them, so there may be some.
ALTER TABLE versions ADD COLUMN unsealed_edits INTEGER NOT NULL DEFAULT 1;
