-- The executable bit of a file as its disk shows it is part of a disk signature. NULL: of no file, or on a disk that can hold none. Until now what was recorded had the bit of its value.
ALTER TABLE records ADD COLUMN disk_executable INTEGER;
ALTER TABLE conflict_files ADD COLUMN disk_executable INTEGER;
ALTER TABLE leftovers ADD COLUMN disk_executable INTEGER;
ALTER TABLE intents ADD COLUMN expected_executable INTEGER;
ALTER TABLE intents ADD COLUMN staged_executable INTEGER;
UPDATE records SET disk_executable = (mode >> 6) & 1 WHERE kind = 0;
UPDATE conflict_files SET disk_executable = (mode >> 6) & 1 WHERE kind = 0;
UPDATE leftovers SET disk_executable = (mode >> 6) & 1 WHERE kind = 0;
UPDATE intents SET staged_executable = (mode >> 6) & 1 WHERE staged_size IS NOT NULL AND kind = 0;
UPDATE intents SET expected_executable = coalesce(
    (SELECT disk_executable FROM records WHERE records.path = intents.path),
    (SELECT disk_executable FROM conflict_files WHERE conflict_files.file = intents.path)) WHERE expected_size IS NOT NULL;

-- Whether a file can be made executable on the folder's disk, and not.
ALTER TABLE folder_disk ADD COLUMN holds_bits INTEGER NOT NULL DEFAULT 1;
