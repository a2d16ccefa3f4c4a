-- What the maker of the snapshot had seen of others, as dots. Empty where an earlier program read the head.
ALTER TABLE heads ADD COLUMN observed BLOB NOT NULL DEFAULT x'';
