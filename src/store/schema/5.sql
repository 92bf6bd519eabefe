-- From version 4: which devices this machine wrote as before. A restore, a move and a clone each give the machine another one,
-- and what it wrote under the one before is its own all the same, up to where it gave it up: what comes after is somebody else's.
CREATE TABLE former_device (
    device  BLOB PRIMARY KEY CHECK (length(device) = 16),
    last    INTEGER NOT NULL                      -- its last number in that chain
) STRICT, WITHOUT ROWID;
