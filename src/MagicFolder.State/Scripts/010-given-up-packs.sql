-- Packs that this computer needs no longer and on which somebody else had a lease when they were last to be freed.
CREATE TABLE given_up_packs (
    cap TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;
