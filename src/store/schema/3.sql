-- From version 2: how each account stands on this machine beside its password hash, and the key that opens a locked office.
CREATE TABLE account (
    user     BLOB PRIMARY KEY,
    must_change INTEGER NOT NULL,                 -- 1: somebody else knows the password, it must be set anew at the next sign-in
    failures INTEGER NOT NULL,                    -- in a row
    locked   INTEGER                              -- until when, in milliseconds of the machine's clock
) STRICT, WITHOUT ROWID;

CREATE TABLE recovery (
    only    INTEGER PRIMARY KEY CHECK (only = 1),
    phc     TEXT NOT NULL,                        -- argon2id of the key, PHC string
    made    INTEGER NOT NULL                      -- when, in milliseconds
) STRICT;
