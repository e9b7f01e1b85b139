-- Applications: the road of a person to a decision, and the places that are kept on it.

CREATE TABLE application (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    kind TEXT NOT NULL
        CONSTRAINT application_kind CHECK (kind IN (
                'appointment', 'above_ratio', 'off_quota', 'directed_title', 'directed_post',
                'grade', 'transfer', 'reappointment', 'lower', 'end', 'retirement')),
    person TEXT NOT NULL REFERENCES person (id),
    -- the one that recommends
    institution TEXT NOT NULL REFERENCES institution (id),
    -- the competition; null: it stands alone
    round TEXT,
    -- what is asked for
    rank TEXT NOT NULL
        CONSTRAINT application_rank CHECK (rank IN (
                'none', 'assistant', 'junior', 'intermediate', 'associate_senior', 'senior')),
    grade BIGINT,
    -- where a transfer goes
    destination TEXT REFERENCES institution (id),
    wanted_on BIGINT,
    merits TEXT NOT NULL,
    state TEXT NOT NULL
        CONSTRAINT application_state CHECK (state IN (
                'draft', 'submitted', 'institution_review', 'recommended', 'notice', 'review',
                'approved', 'filed', 'effective', 'rejected', 'withdrawn', 'lapsed', 'revoked')),
    -- position in the route
    step BIGINT NOT NULL,
    -- offices by their keys, with commas between: those that decide, in order, and those
    -- whose opinion has to be there
    steps TEXT NOT NULL,
    opinions TEXT NOT NULL,
    -- since when its holder has it, and by when that one should act
    since BIGINT NOT NULL,
    due BIGINT,
    notice_published BIGINT,
    notice_last BIGINT,
    notice_provisional BIGINT,
    -- fingerprint of the policies at the recommendation
    policies TEXT NOT NULL,
    effective BIGINT,
    filed_until BIGINT,
    -- what the decision changed in the records
    decided_by TEXT REFERENCES change (id)
);
-- one person has one open application
CREATE UNIQUE INDEX application_open ON application (person)
    WHERE state IN ('draft', 'submitted', 'institution_review', 'recommended', 'notice', 'review');
CREATE INDEX application_person ON application (person);
CREATE INDEX application_institution_state ON application (institution, state);
CREATE INDEX application_state_due ON application (state, due);
CREATE INDEX application_round ON application (round);

-- Those who recommended it.
CREATE TABLE application_hand (
    application TEXT NOT NULL REFERENCES application (id),
    position BIGINT NOT NULL,
    account TEXT NOT NULL,
    person TEXT,
    PRIMARY KEY (application, position)
);

-- What has to be put right.
CREATE TABLE application_defect (
    application TEXT NOT NULL REFERENCES application (id),
    position BIGINT NOT NULL,
    found BIGINT NOT NULL,
    office TEXT NOT NULL
        CONSTRAINT application_defect_office CHECK (office IN (
                'staff', 'institution_hr', 'consortium_hr', 'county_establishment',
                'county_human_resources', 'county_health', 'county_drug_regulator',
                'city_establishment', 'city_human_resources', 'city_health',
                'city_drug_regulator', 'auditor', 'administrator')),
    text TEXT NOT NULL,
    mended BIGINT,
    PRIMARY KEY (application, position)
);

-- Objections during the notice.
CREATE TABLE application_objection (
    application TEXT NOT NULL REFERENCES application (id),
    position BIGINT NOT NULL,
    raised BIGINT NOT NULL,
    account TEXT NOT NULL,
    person TEXT,
    text TEXT NOT NULL,
    resolved BIGINT,
    outcome TEXT
        CONSTRAINT application_objection_outcome CHECK (outcome IN ('upheld', 'dismissed')),
    answer TEXT,
    PRIMARY KEY (application, position)
);

-- Opinions of authorities that do not decide.
CREATE TABLE application_opinion (
    application TEXT NOT NULL REFERENCES application (id),
    position BIGINT NOT NULL,
    office TEXT NOT NULL
        CONSTRAINT application_opinion_office CHECK (office IN (
                'staff', 'institution_hr', 'consortium_hr', 'county_establishment',
                'county_human_resources', 'county_health', 'county_drug_regulator',
                'city_establishment', 'city_human_resources', 'city_health',
                'city_drug_regulator', 'auditor', 'administrator')),
    given BIGINT NOT NULL,
    favourable BIGINT NOT NULL
        CONSTRAINT application_opinion_favourable CHECK (favourable IN (0, 1)),
    text TEXT NOT NULL,
    PRIMARY KEY (application, position)
);

-- Places that are kept for applications, from a day on and before another. An application
-- keeps one at a time.
CREATE TABLE reservation (
    id TEXT NOT NULL PRIMARY KEY,
    application TEXT NOT NULL REFERENCES application (id),
    institution TEXT NOT NULL REFERENCES institution (id),
    pool TEXT NOT NULL
        CONSTRAINT reservation_pool CHECK (pool IN ('senior', 'intermediate', 'junior', 'directed')),
    kept_from BIGINT NOT NULL,
    -- null: until the decision
    kept_until BIGINT
);
CREATE UNIQUE INDEX reservation_open ON reservation (application) WHERE kept_until IS NULL;
CREATE INDEX reservation_institution ON reservation (institution);
CREATE INDEX reservation_application ON reservation (application);

-- What was done to an application, in order. Never altered.
CREATE TABLE application_event (
    id TEXT NOT NULL PRIMARY KEY,
    application TEXT NOT NULL REFERENCES application (id),
    at BIGINT NOT NULL,
    move TEXT NOT NULL
        CONSTRAINT application_event_move CHECK (move IN (
                'edit', 'attach', 'comment', 'submit', 'take', 'decline', 'recommend',
                'publish', 'object', 'resolve', 'close', 'opine', 'approve', 'return', 'reject',
                'withdraw', 'lapse', 'take_effect', 'object_to_filed', 'revoke')),
    state_before TEXT NOT NULL
        CONSTRAINT application_event_before CHECK (state_before IN (
                'draft', 'submitted', 'institution_review', 'recommended', 'notice', 'review',
                'approved', 'filed', 'effective', 'rejected', 'withdrawn', 'lapsed', 'revoked')),
    state_after TEXT NOT NULL
        CONSTRAINT application_event_after CHECK (state_after IN (
                'draft', 'submitted', 'institution_review', 'recommended', 'notice', 'review',
                'approved', 'filed', 'effective', 'rejected', 'withdrawn', 'lapsed', 'revoked')),
    step BIGINT NOT NULL,
    account TEXT,
    name TEXT NOT NULL,
    office TEXT NOT NULL,
    -- what was said with it
    words TEXT NOT NULL,
    -- rules that were overridden or recorded, with commas between
    noted TEXT NOT NULL,
    -- why rules were overridden
    reason TEXT
);
CREATE INDEX application_event_application ON application_event (application);

-- Files of an application. The bytes lie outside the database, by their digest.
CREATE TABLE attachment (
    id TEXT NOT NULL PRIMARY KEY,
    application TEXT NOT NULL REFERENCES application (id),
    added_at BIGINT NOT NULL,
    account TEXT,
    name TEXT NOT NULL,
    kind TEXT NOT NULL
        CONSTRAINT attachment_kind CHECK (kind IN ('pdf', 'jpeg', 'png', 'xlsx', 'docx')),
    bytes BIGINT NOT NULL,
    -- SHA-256
    digest BYTEA NOT NULL
);
CREATE INDEX attachment_application ON attachment (application);

-- Notices of days off that were loaded, besides those that are shipped.
CREATE TABLE holiday_notice (
    year BIGINT NOT NULL PRIMARY KEY,
    loaded_at BIGINT NOT NULL,
    -- as in holidays/
    text TEXT NOT NULL
);

CREATE TRIGGER application_event_no_update BEFORE UPDATE ON application_event
    FOR EACH ROW EXECUTE FUNCTION refuse_alteration();
CREATE TRIGGER application_event_no_delete BEFORE DELETE ON application_event
    FOR EACH ROW EXECUTE FUNCTION refuse_alteration();
CREATE TRIGGER application_event_no_truncate BEFORE TRUNCATE ON application_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_alteration();
