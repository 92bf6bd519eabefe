-- The derived tables: a pure function of the set of events, made again from the journal whenever their shape changes or
-- somebody doubts them. No column holds an arrival order or a machine's own number, so two machines with the same events hold
-- the same rows.
--
-- Only what lists, matches and counts need; a record's page replays its own history. What a list shows of a firm or filing is
-- one packed value (`line`, see ledger/line.rs): reading a hundred thousand rows column by column was half of a start.
CREATE TABLE action (
    id      BLOB PRIMARY KEY,
    name    TEXT NOT NULL,
    device  BLOB NOT NULL,
    first   INTEGER NOT NULL,                     -- its events are seq first .. last of the device, itself not counted
    last    INTEGER NOT NULL,
    actor   BLOB NOT NULL,
    at      INTEGER NOT NULL,
    undoes  BLOB,
    sort    TEXT NOT NULL,
    records INTEGER                               -- NULL: an older program did not keep it
) STRICT, WITHOUT ROWID;
CREATE INDEX action_undoes ON action (undoes) WHERE undoes IS NOT NULL;
CREATE INDEX action_at ON action (at);
CREATE INDEX action_sort ON action (sort, at);
CREATE INDEX action_actor ON action (actor, at);

-- What changed no record: sign-ins, files that left, looks at what is covered, refusals. No list and no start reads it.
CREATE TABLE log (
    id      BLOB PRIMARY KEY,
    sort    TEXT NOT NULL,
    detail  TEXT NOT NULL,
    count   INTEGER,
    record  BLOB,
    device  BLOB NOT NULL,
    actor   BLOB NOT NULL,
    at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX log_at ON log (at);
CREATE INDEX log_sort ON log (sort, at);
CREATE INDEX log_actor ON log (actor, at);

CREATE TABLE office (
    id      BLOB PRIMARY KEY,
    fields  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE user (
    id      BLOB PRIMARY KEY,
    name    TEXT NOT NULL,
    roles   TEXT NOT NULL,
    active  INTEGER NOT NULL,
    section TEXT NOT NULL,
    programs TEXT NOT NULL                        -- ids parted by blanks; empty: all
) STRICT, WITHOUT ROWID;

-- People whose being added was taken back, by the last name they had: the log still speaks of them.
CREATE TABLE gone_user (
    id      BLOB PRIMARY KEY,
    name    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE firm (
    id      BLOB PRIMARY KEY,
    name    TEXT NOT NULL,
    code    TEXT,                                 -- as matching folds it
    line    BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX firm_code ON firm (code) WHERE code IS NOT NULL;

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
    id      BLOB PRIMARY KEY,
    firm    BLOB NOT NULL,
    edition BLOB NOT NULL,
    program TEXT NOT NULL,
    number  TEXT NOT NULL,
    created INTEGER NOT NULL,
    line    BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX filing_firm ON filing (firm);
CREATE INDEX filing_edition ON filing (edition);

-- Every file ever put to a filing, those that were removed or taken back among them: an undo brings them back.
CREATE TABLE attachment (
    event   BLOB PRIMARY KEY,
    filing  BLOB NOT NULL,
    item    TEXT NOT NULL,
    digest  BLOB NOT NULL,
    name    TEXT NOT NULL,
    size    INTEGER NOT NULL,
    device  BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX attachment_filing ON attachment (filing);
CREATE INDEX attachment_digest ON attachment (digest);

-- Kept files whose content was lawfully erased, by the record whose decree says so.
CREATE TABLE erased_file (
    record  BLOB NOT NULL,
    digest  BLOB NOT NULL,
    PRIMARY KEY (record, digest)
) STRICT, WITHOUT ROWID;
CREATE INDEX erased_file_digest ON erased_file (digest);

CREATE TABLE shortlist (
    id      BLOB PRIMARY KEY,
    edition BLOB NOT NULL,
    title   TEXT NOT NULL,
    items   TEXT NOT NULL,                        -- filings in rank order, their ids parted by blanks
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

-- Machines met, a row for each meeting: those with the same keys are one machine (`domain::machine::fold`).
CREATE TABLE known_machine (
    id      BLOB PRIMARY KEY,
    name    TEXT NOT NULL,
    sign    TEXT NOT NULL,
    seal    TEXT NOT NULL,
    user    BLOB,
    retired INTEGER NOT NULL,
    actor   BLOB NOT NULL,
    at      INTEGER NOT NULL,
    said    INTEGER NOT NULL                      -- when its name or its user was last said
) STRICT, WITHOUT ROWID;

-- Packages: what was made here or elsewhere, and each taking in.
CREATE TABLE package_made (
    package BLOB NOT NULL,
    hash    BLOB NOT NULL,
    device  BLOB NOT NULL,
    seq     INTEGER NOT NULL,
    actor   BLOB NOT NULL,
    at      INTEGER NOT NULL,
    other   TEXT NOT NULL,                        -- signature key of the machine it is for
    fact    TEXT NOT NULL,                        -- as the event says, JSON
    PRIMARY KEY (package, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE package_taken (
    package BLOB NOT NULL,
    hash    BLOB NOT NULL,
    device  BLOB NOT NULL,
    seq     INTEGER NOT NULL,
    actor   BLOB NOT NULL,
    at      INTEGER NOT NULL,
    other   TEXT NOT NULL,                        -- signature key of the machine it came from
    fact    TEXT NOT NULL,
    PRIMARY KEY (package, hash)
) STRICT, WITHOUT ROWID;
