-- Which device the folder's own directory was on. Its number is not the disk's own: after a restart, or in another port, the same disk may have another. A state from before is given it when it is opened.
CREATE TABLE folder_disk (
    id     INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    device INTEGER NOT NULL
) STRICT;
