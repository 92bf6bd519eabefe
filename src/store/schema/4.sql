-- From version 3: an event is found by its place or its record, so the index over its hash goes, and with it a random write
-- per event; and what the typed pen guarantees, and every check of a hash proves, is no longer asked of each row on its way in.
DROP TRIGGER event_is_never_deleted;
DROP TRIGGER event_is_never_changed;
ALTER TABLE event RENAME TO event_of_3;
DROP INDEX event_mark;
DROP INDEX event_record;

-- One tree in the order of the devices' chains, so that an import appends.
CREATE TABLE event (
    device  INTEGER NOT NULL,                     -- device.n
    seq     INTEGER NOT NULL,                     -- from 1
    twin    INTEGER NOT NULL,                     -- 0; a cloned PC writes the same place twice, and neither event may be lost
    hash    BLOB NOT NULL,
    prev    BLOB,                                 -- NULL: the hash of (device, seq - 1, twin 0)
    record  BLOB NOT NULL,
    action  BLOB NOT NULL,
    kind    TEXT NOT NULL,
    version INTEGER NOT NULL,
    actor   BLOB NOT NULL,
    at      INTEGER NOT NULL,
    parents BLOB NOT NULL,                        -- hashes one after another
    salt    BLOB,                                 -- NULL together with the body: erased
    body    BLOB,
    digest  BLOB,                                 -- of an erased body alone
    PRIMARY KEY (device, seq, twin)
) STRICT, WITHOUT ROWID;

INSERT INTO event
SELECT device, seq, twin, hash, prev, record, action, kind, version, actor, at, parents, salt, body, digest
FROM event_of_3 ORDER BY device, seq, twin;
DROP TABLE event_of_3;

CREATE INDEX event_record ON event (record);

CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;
CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
WHEN NEW.hash IS NOT OLD.hash OR NEW.device IS NOT OLD.device OR NEW.seq IS NOT OLD.seq OR NEW.twin IS NOT OLD.twin
  OR NEW.prev IS NOT OLD.prev OR NEW.record IS NOT OLD.record OR NEW.action IS NOT OLD.action OR NEW.kind IS NOT OLD.kind
  OR NEW.version IS NOT OLD.version OR NEW.actor IS NOT OLD.actor OR NEW.at IS NOT OLD.at OR NEW.parents IS NOT OLD.parents
  OR NEW.body IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;

---------------------------------------------------------------- local
-- What 字段加密 needs on this machine. The key an office seals numbers with lies here only wrapped for those who
-- hold it, and each private half only locked under a key its password makes: from these tables alone nothing is opened.
CREATE TABLE seal_pair (
    holder   BLOB PRIMARY KEY,                    -- a user; the office's own id: the recovery key
    public   BLOB NOT NULL CHECK (length(public) = 32),
    salt     BLOB NOT NULL CHECK (length(salt) = 16),
    locked   BLOB NOT NULL                        -- the private half, under argon2id of password and salt
) STRICT, WITHOUT ROWID;

CREATE TABLE seal_key (
    key      TEXT NOT NULL,                       -- what the office's key is known by, as sealed text names it
    holder   BLOB NOT NULL,
    wrapped  BLOB NOT NULL,                       -- for the holder's public half
    PRIMARY KEY (key, holder)
) STRICT, WITHOUT ROWID;
