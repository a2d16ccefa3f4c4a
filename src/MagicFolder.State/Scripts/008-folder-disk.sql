-- Which device the folder's own directory was on. Its number is not the disk's own: after a restart, or in another port, the same disk may have another. For a state from before, that of most records.
CREATE TABLE folder_disk (
    id     INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    device INTEGER NOT NULL
) STRICT;
INSERT INTO folder_disk (id, device) SELECT 1, disk_device FROM records GROUP BY disk_device ORDER BY count(*) DESC LIMIT 1;
