-- The ground: who changed what, the trail of it, and what the program keeps for itself.
--
-- In all tables: identifiers are UUIDs of version 7 as text; instants are microseconds
-- since 1970-01-01T00:00:00Z; days are days since 1970-01-01; months are
-- year * 12 + month - 1; yes and no are 1 and 0; closed lists of words are kept by their
-- keys. Whole numbers, because texts of varying width do not compare.
-- A unique constraint is named after its table and columns, so that a refusal has one
-- name on both databases.

-- One row for each write that alters records. Records name the change that made them.
CREATE TABLE change (
    id TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    -- null: the program itself
    account TEXT,
    -- name and role as they were then
    author TEXT NOT NULL,
    role TEXT NOT NULL,
    reason TEXT
);
CREATE INDEX change_at ON change (at);

-- The trail: what was done, seen or refused. Rows are only ever added.
CREATE TABLE audit_event (
    id TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    -- null: nothing recorded was altered (a login, a look at an identity number)
    change TEXT REFERENCES change (id),
    -- the way it came
    source TEXT NOT NULL
        CONSTRAINT audit_event_source CHECK (source IN ('session', 'token', 'command', 'clock', 'stranger')),
    account TEXT,
    -- name and office as they were then
    author TEXT NOT NULL,
    office TEXT NOT NULL,
    action TEXT NOT NULL,
    -- what it was done to; empty: nothing in particular
    subject_kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    -- where that lay then
    area TEXT,
    institution TEXT,
    -- of the details, salted: it stays when they are erased
    detail_digest BYTEA NOT NULL,
    -- SHA-256 of the row's own content
    hash BYTEA NOT NULL
);
CREATE INDEX audit_event_subject ON audit_event (subject, id);
CREATE INDEX audit_event_account ON audit_event (account, id);
CREATE INDEX audit_event_at ON audit_event (at);

-- What an event says in detail. A row may be deleted where the law asks for it, never
-- altered; the chain holds only its digest.
CREATE TABLE audit_detail (
    event TEXT NOT NULL PRIMARY KEY REFERENCES audit_event (id),
    -- random, so that what was erased cannot be found again by trying
    salt BYTEA NOT NULL,
    -- JSON; null: there was no record before, or none after
    before TEXT,
    after TEXT,
    reason TEXT
);

-- The chain over the trail: one sealer joins events in the order of their identifiers.
-- (A chain made inside every write would make unrelated writes wait for each other.)
CREATE TABLE audit_seal (
    position BIGINT NOT NULL PRIMARY KEY
        CONSTRAINT audit_seal_from_one CHECK (position >= 1),
    event TEXT NOT NULL REFERENCES audit_event (id),
    sealed_at BIGINT NOT NULL,
    -- SHA-256 of the hash of the seal before, the position, and the hash of the event
    hash BYTEA NOT NULL
);
CREATE UNIQUE INDEX audit_seal_event ON audit_seal (event);

-- Work that only one instance may do at a time. A lease runs out by itself.
CREATE TABLE lease (
    name TEXT NOT NULL PRIMARY KEY,
    holder TEXT NOT NULL,
    until BIGINT NOT NULL,
    -- grows with each new holder, so that a late one can be told apart
    term BIGINT NOT NULL
);

-- Messages, written with the decision they tell of and sent afterwards. Nothing is
-- dropped: what cannot be sent stays, and can be sent again.
CREATE TABLE outbox (
    id TEXT NOT NULL PRIMARY KEY,
    -- a message with the same key is the same message
    key TEXT NOT NULL,
    kind TEXT NOT NULL,
    recipient TEXT NOT NULL,
    -- JSON
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    -- not before; null: sent, or given up
    due_at BIGINT,
    attempts BIGINT NOT NULL
        CONSTRAINT outbox_attempts CHECK (attempts >= 0),
    -- who is sending it, and until when nobody else may
    claimed_by TEXT,
    claimed_until BIGINT,
    sent_at BIGINT,
    given_up_at BIGINT,
    -- what went wrong the last time
    fault TEXT
);
CREATE UNIQUE INDEX outbox_key ON outbox (key);
CREATE INDEX outbox_due ON outbox (due_at) WHERE due_at IS NOT NULL;

-- Answers given to requests that carried a key, so that a repeated one gets the same.
CREATE TABLE idempotency (
    -- the account and the key it chose
    account TEXT NOT NULL,
    key TEXT NOT NULL,
    -- SHA-256 of the request: another request with the same key is a mistake
    request BYTEA NOT NULL,
    -- of the answer; null: not answered yet
    status BIGINT,
    body BYTEA,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (account, key)
);
CREATE INDEX idempotency_created_at ON idempotency (created_at);

-- What the program keeps for itself, by name.
CREATE TABLE setting (
    name TEXT NOT NULL PRIMARY KEY,
    -- JSON
    value TEXT NOT NULL,
    changed_at BIGINT NOT NULL
);
-- locked by whoever records a register, so that one is recorded after the other
INSERT INTO setting (name, value, changed_at) VALUES ('register', '{}', 0);

-- Changes, the trail and its seals are never altered. Of details, rows may be deleted.
CREATE FUNCTION refuse_alteration() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%_append_only', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation',
              CONSTRAINT = TG_TABLE_NAME || '_append_only';
END
$$;
CREATE TRIGGER change_no_update BEFORE UPDATE ON change
    FOR EACH ROW EXECUTE FUNCTION refuse_alteration();
CREATE TRIGGER change_no_delete BEFORE DELETE ON change
    FOR EACH ROW EXECUTE FUNCTION refuse_alteration();
CREATE TRIGGER change_no_truncate BEFORE TRUNCATE ON change
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_alteration();
CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION refuse_alteration();
CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION refuse_alteration();
CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_alteration();
CREATE TRIGGER audit_detail_no_update BEFORE UPDATE ON audit_detail
    FOR EACH ROW EXECUTE FUNCTION refuse_alteration();
CREATE TRIGGER audit_detail_no_truncate BEFORE TRUNCATE ON audit_detail
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_alteration();
CREATE TRIGGER audit_seal_no_update BEFORE UPDATE ON audit_seal
    FOR EACH ROW EXECUTE FUNCTION refuse_alteration();
CREATE TRIGGER audit_seal_no_delete BEFORE DELETE ON audit_seal
    FOR EACH ROW EXECUTE FUNCTION refuse_alteration();
CREATE TRIGGER audit_seal_no_truncate BEFORE TRUNCATE ON audit_seal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_alteration();
