-- Plans of recruitment: the posts that are to be filled from outside, and who applied.

CREATE TABLE recruitment (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    institution TEXT NOT NULL REFERENCES institution (id),
    state TEXT NOT NULL
        CONSTRAINT recruitment_state CHECK (state IN (
                'draft', 'proposed', 'endorsed', 'approved', 'closed', 'cancelled')),
    title TEXT NOT NULL
);
CREATE INDEX recruitment_institution ON recruitment (institution);

CREATE TABLE recruitment_post (
    recruitment TEXT NOT NULL REFERENCES recruitment (id),
    position BIGINT NOT NULL,
    title TEXT NOT NULL,
    places BIGINT NOT NULL,
    -- why it is urgently needed; null: it is not flagged so
    urgent TEXT,
    -- it was hard to recruit for
    hard BIGINT NOT NULL
        CONSTRAINT recruitment_post_hard CHECK (hard IN (0, 1)),
    mode TEXT NOT NULL
        CONSTRAINT recruitment_post_mode CHECK (mode IN ('open', 'special', 'interview', 'assessment')),
    PRIMARY KEY (recruitment, position)
);

-- By the number of the examination: no names are kept of those who come from outside.
CREATE TABLE recruitment_applicant (
    recruitment TEXT NOT NULL REFERENCES recruitment (id),
    number TEXT NOT NULL,
    post BIGINT NOT NULL,
    -- in hundredths
    points BIGINT NOT NULL,
    -- the rural doctor, where it is one on record
    rural_doctor TEXT REFERENCES rural_doctor (id),
    PRIMARY KEY (recruitment, number)
);
CREATE INDEX recruitment_applicant_rural_doctor ON recruitment_applicant (rural_doctor);
