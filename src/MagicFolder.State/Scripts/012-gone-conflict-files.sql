-- A conflict file that had been removed when what stands in place by now came there: its removal decides for nothing.
ALTER TABLE conflict_files ADD COLUMN was_gone INTEGER NOT NULL DEFAULT 0;
