-- The database of one office. Three sorts of tables:
--   the journal: events, append-only, the only truth;
--   derived tables: a pure function of the set of events, rebuilt from the journal at any time. No column holds an
--     arrival order or a machine's own number, so two machines with the same events hold the same rows;
--   local tables: what belongs to this machine and person alone (identity, password hashes, window habits, drafts).
-- Every table is STRICT; every date is ISO text, every moment a hybrid-clock stamp, money is whole fen.

---------------------------------------------------------------- journal
CREATE TABLE device (
    n       INTEGER PRIMARY KEY,
    id      BLOB NOT NULL UNIQUE CHECK (length(id) = 16)
) STRICT;

-- One tree in the order of the devices' chains, so that an import appends. The hash is part of the key because a cloned PC
-- writes the same place twice, and neither event may be lost.
CREATE TABLE event (
    device  INTEGER NOT NULL REFERENCES device (n),
    seq     INTEGER NOT NULL CHECK (seq > 0),
    hash    BLOB NOT NULL CHECK (length(hash) = 32),
    prev    BLOB,                                 -- NULL: the hash of the first (device, seq - 1) in this table
    record  BLOB NOT NULL CHECK (length(record) = 16),
    action  BLOB NOT NULL CHECK (length(action) = 16),
    kind    TEXT NOT NULL,
    version INTEGER NOT NULL,
    actor   BLOB NOT NULL CHECK (length(actor) = 16),
    at      INTEGER NOT NULL,
    parents BLOB NOT NULL CHECK (length(parents) % 32 = 0),
    salt    BLOB,
    body    BLOB,
    digest  BLOB CHECK ((body IS NULL) = (digest IS NOT NULL) AND (salt IS NULL) = (body IS NULL)),
    mark    INTEGER NOT NULL,                     -- first eight bytes of the hash: half the index for the same question
    PRIMARY KEY (device, seq, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_mark ON event (mark);
CREATE INDEX event_record ON event (record);

CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;
CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
WHEN NEW.hash IS NOT OLD.hash OR NEW.mark IS NOT OLD.mark OR NEW.device IS NOT OLD.device OR NEW.seq IS NOT OLD.seq
  OR NEW.prev IS NOT OLD.prev OR NEW.record IS NOT OLD.record OR NEW.action IS NOT OLD.action OR NEW.kind IS NOT OLD.kind
  OR NEW.version IS NOT OLD.version OR NEW.actor IS NOT OLD.actor OR NEW.at IS NOT OLD.at OR NEW.parents IS NOT OLD.parents
  OR NEW.body IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;

-- Events whose parents have not arrived.
CREATE TABLE waiting (
    hash    BLOB PRIMARY KEY CHECK (length(hash) = 32),
    event   BLOB NOT NULL
) STRICT, WITHOUT ROWID;

---------------------------------------------------------------- derived
-- Only what lists, matches and counts need; a record's page replays its own history. Small rows are what keeps the start quick.
CREATE TABLE action (
    id      BLOB PRIMARY KEY,
    name    TEXT NOT NULL,
    device  BLOB NOT NULL,
    first   INTEGER NOT NULL,                     -- its events are seq first .. last of the device, itself not counted
    last    INTEGER NOT NULL,
    actor   BLOB NOT NULL,
    at      INTEGER NOT NULL,
    undoes  BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX action_undoes ON action (undoes) WHERE undoes IS NOT NULL;
CREATE INDEX action_at ON action (at);

CREATE TABLE office (
    id      BLOB PRIMARY KEY,
    fields  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE user (
    id      BLOB PRIMARY KEY,
    name    TEXT NOT NULL,
    roles   TEXT NOT NULL,
    active  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE firm (
    id       BLOB PRIMARY KEY,
    name     TEXT NOT NULL,
    code     TEXT,
    township TEXT,
    park     TEXT,
    industry TEXT,
    hi_field TEXT,
    scale    INTEGER,                             -- 规上: 1, 0, NULL not known
    est_date TEXT,
    legal    TEXT,
    contact  TEXT,
    phone    TEXT,
    short    TEXT,
    tags     TEXT,
    former   TEXT,                                -- names it had before, newest first, one per line
    conflicts INTEGER NOT NULL,
    frozen   INTEGER NOT NULL,                    -- holds events this version cannot read
    created  INTEGER NOT NULL,
    changed  INTEGER NOT NULL,
    import   BLOB,
    row      INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX firm_code ON firm (code) WHERE code IS NOT NULL;

CREATE TABLE firm_year (
    year         INTEGER NOT NULL,
    firm         BLOB NOT NULL,
    staff        INTEGER, tech_staff  INTEGER, rd_staff INTEGER,
    revenue      INTEGER, cost        INTEGER, assets   INTEGER, net_assets INTEGER,
    hi_income    INTEGER, total_income INTEGER,
    rd           INTEGER, rd_domestic INTEGER,
    tax          INTEGER, profit      INTEGER,
    ip1          INTEGER, ip2         INTEGER,
    basis        TEXT,
    PRIMARY KEY (year, firm)
) STRICT, WITHOUT ROWID;
CREATE INDEX firm_year_firm ON firm_year (firm);

CREATE TABLE certificate (
    firm     BLOB NOT NULL,
    kind     TEXT NOT NULL,
    slug     TEXT NOT NULL,                       -- number as matching folds it, or a digest where there is none
    number   TEXT,
    name     TEXT,                                -- of the carrier or platform, where it has one of its own
    level    TEXT,
    issued   TEXT,
    ends     TEXT,
    batch    TEXT,
    document TEXT,
    revoked  TEXT,
    import   BLOB,
    row      INTEGER,
    PRIMARY KEY (firm, kind, slug)
) STRICT, WITHOUT ROWID;

CREATE TABLE edition (
    id      BLOB PRIMARY KEY,
    program TEXT NOT NULL,
    version TEXT NOT NULL,
    year    INTEGER NOT NULL,
    batch   INTEGER NOT NULL,
    name    TEXT NOT NULL,
    quota   INTEGER,
    closed  INTEGER NOT NULL,
    fields  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE filing (
    id        BLOB PRIMARY KEY,
    firm      BLOB NOT NULL,
    edition   BLOB NOT NULL,
    program   TEXT NOT NULL,
    version   TEXT NOT NULL,
    number    TEXT NOT NULL,
    officer   BLOB,
    stage     TEXT NOT NULL,
    round     INTEGER NOT NULL,
    standing  INTEGER NOT NULL,
    since     TEXT NOT NULL,
    until     TEXT,
    awarded   TEXT,
    opened    TEXT NOT NULL,
    passed    TEXT NOT NULL,                      -- ids of the stages passed, in their order, joined by blanks
    last_day  TEXT NOT NULL,
    last_word TEXT NOT NULL,
    moves     INTEGER NOT NULL,
    split     INTEGER NOT NULL,
    outdated  INTEGER NOT NULL,
    conflicts INTEGER NOT NULL,
    frozen    INTEGER NOT NULL,
    created   INTEGER NOT NULL,
    changed   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX filing_firm ON filing (firm);
CREATE INDEX filing_edition ON filing (edition);

CREATE TABLE filing_move (
    filing   BLOB NOT NULL,
    n        INTEGER NOT NULL,
    hash     BLOB NOT NULL,
    stage    TEXT NOT NULL,
    round    INTEGER NOT NULL,
    effect   TEXT NOT NULL,
    word     TEXT NOT NULL,
    day      TEXT NOT NULL,
    goes_to  TEXT,
    through  TEXT NOT NULL,
    document TEXT NOT NULL,
    reason   TEXT NOT NULL,
    note     TEXT NOT NULL,
    until    TEXT,
    actor    BLOB NOT NULL,
    at       INTEGER NOT NULL,
    stands   INTEGER NOT NULL,
    import   BLOB,
    row      INTEGER,
    PRIMARY KEY (filing, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE shortlist (
    id      BLOB PRIMARY KEY,
    edition BLOB NOT NULL,
    title   TEXT NOT NULL,
    items   TEXT NOT NULL,                        -- filings in rank order, JSON
    created INTEGER NOT NULL,
    changed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE shortlist_version (
    shortlist BLOB NOT NULL,
    n         INTEGER NOT NULL,                   -- as frozen: 1, 2, …; two desks may freeze the same number
    hash      BLOB NOT NULL,
    day       TEXT NOT NULL,
    title     TEXT NOT NULL,
    heads     TEXT NOT NULL,
    rows      TEXT NOT NULL,
    actor     BLOB NOT NULL,
    at        INTEGER NOT NULL,
    PRIMARY KEY (shortlist, n, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE import (
    id      BLOB PRIMARY KEY,
    action  BLOB NOT NULL,
    file    TEXT NOT NULL,
    digest  BLOB NOT NULL,
    title   TEXT NOT NULL,
    purpose TEXT NOT NULL,
    rows    INTEGER NOT NULL,
    created INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    passed_over INTEGER NOT NULL,
    undone  INTEGER NOT NULL,
    actor   BLOB NOT NULL,
    at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX import_digest ON import (digest);

---------------------------------------------------------------- local
CREATE TABLE machine (
    only    INTEGER PRIMARY KEY CHECK (only = 1),
    device  BLOB NOT NULL CHECK (length(device) = 16),
    shape   INTEGER NOT NULL                      -- meaning of the derived tables; a newer program rebuilds them
) STRICT;

CREATE TABLE credential (
    user    BLOB PRIMARY KEY,
    phc     TEXT NOT NULL                         -- argon2id, PHC string
) STRICT, WITHOUT ROWID;

CREATE TABLE preference (
    name    TEXT PRIMARY KEY,
    value   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE draft (
    name    TEXT PRIMARY KEY,
    value   TEXT NOT NULL
) STRICT, WITHOUT ROWID;
