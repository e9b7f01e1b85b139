-- What is kept of the work with the records: files that were taken in, and figures that
-- were frozen so that they can be returned to.

-- One row for each file that was offered, whatever became of it.
CREATE TABLE import_run (
    id TEXT NOT NULL PRIMARY KEY,
    started_at INTEGER NOT NULL,
    -- the change it made; null: nothing was recorded
    change TEXT REFERENCES change (id),
    account TEXT,
    file TEXT NOT NULL,
    -- SHA-256 of the file
    digest BLOB NOT NULL,
    -- the day for which it was recorded
    valid_on INTEGER NOT NULL,
    state TEXT NOT NULL
        CONSTRAINT import_run_state CHECK (state IN ('previewed', 'recorded', 'refused')),
    -- JSON: what was added, changed, ended and refused, in numbers
    summary TEXT NOT NULL
) STRICT;
CREATE INDEX import_run_started_at ON import_run (started_at);

-- Figures as they were reported for a day. They are never altered: figures reported again
-- are frozen again, and the later row counts.
CREATE TABLE frozen (
    id TEXT NOT NULL PRIMARY KEY,
    -- which figures: year_end, and for what
    kind TEXT NOT NULL,
    scope TEXT NOT NULL,
    valid_on INTEGER NOT NULL,
    -- the instant whose knowledge they show
    known_at INTEGER NOT NULL,
    frozen_by TEXT NOT NULL REFERENCES change (id),
    -- JSON
    body TEXT NOT NULL,
    -- SHA-256 of the body
    digest BLOB NOT NULL
) STRICT;
CREATE INDEX frozen_kind_scope_valid_on ON frozen (kind, scope, valid_on);

CREATE TRIGGER frozen_no_update BEFORE UPDATE ON frozen
    BEGIN SELECT RAISE(ABORT, 'frozen_append_only'); END;
CREATE TRIGGER frozen_no_delete BEFORE DELETE ON frozen
    BEGIN SELECT RAISE(ABORT, 'frozen_append_only'); END;
