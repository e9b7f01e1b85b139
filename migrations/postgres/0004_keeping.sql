-- What is kept of the work with the records: files that were taken in, and figures that
-- were frozen so that they can be returned to.

-- One row for each file that was offered, whatever became of it.
CREATE TABLE import_run (
    id TEXT NOT NULL PRIMARY KEY,
    started_at BIGINT NOT NULL,
    -- the change it made; null: nothing was recorded
    change TEXT REFERENCES change (id),
    account TEXT,
    file TEXT NOT NULL,
    -- SHA-256 of the file
    digest BYTEA NOT NULL,
    -- the day for which it was recorded
    valid_on BIGINT NOT NULL,
    state TEXT NOT NULL
        CONSTRAINT import_run_state CHECK (state IN ('previewed', 'recorded', 'refused')),
    -- JSON: what was added, changed, ended and refused, in numbers
    summary TEXT NOT NULL
);
CREATE INDEX import_run_started_at ON import_run (started_at);

-- Figures as they were reported for a day. They are never altered: figures reported again
-- are frozen again, and the later row counts.
CREATE TABLE frozen (
    id TEXT NOT NULL PRIMARY KEY,
    -- which figures: year_end, and for what
    kind TEXT NOT NULL,
    scope TEXT NOT NULL,
    valid_on BIGINT NOT NULL,
    -- the instant whose knowledge they show
    known_at BIGINT NOT NULL,
    frozen_by TEXT NOT NULL REFERENCES change (id),
    -- JSON
    body TEXT NOT NULL,
    -- SHA-256 of the body
    digest BYTEA NOT NULL
);
CREATE INDEX frozen_kind_scope_valid_on ON frozen (kind, scope, valid_on);

CREATE TRIGGER frozen_no_update BEFORE UPDATE ON frozen
    FOR EACH ROW EXECUTE FUNCTION refuse_alteration();
CREATE TRIGGER frozen_no_delete BEFORE DELETE ON frozen
    FOR EACH ROW EXECUTE FUNCTION refuse_alteration();
CREATE TRIGGER frozen_no_truncate BEFORE TRUNCATE ON frozen
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_alteration();
