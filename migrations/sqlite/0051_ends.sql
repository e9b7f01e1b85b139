-- Ends that people are told of: contracts of employment, the assessments that physicians owe,
-- and the training that a round asks for.

-- The contract of employment of a person. Without an end: one that runs on.
CREATE TABLE employment_contract (
    id TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL REFERENCES person (id),
    slot TEXT NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_to INTEGER
        CONSTRAINT employment_contract_valid CHECK (valid_to > valid_from),
    recorded_at INTEGER NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES change (id),
    superseded_at INTEGER,
    superseded_by TEXT REFERENCES change (id),
    started INTEGER
        CONSTRAINT employment_contract_started CHECK (started BETWEEN -719162 AND 2932896),
    ends INTEGER
        CONSTRAINT employment_contract_ends CHECK (ends BETWEEN -719162 AND 2932896),
    document TEXT
) STRICT;
CREATE UNIQUE INDEX employment_contract_subject_slot_valid_from
    ON employment_contract (subject, slot, valid_from)
    WHERE superseded_at IS NULL;
CREATE INDEX employment_contract_subject ON employment_contract (subject);

-- The last periodic assessment of a physician (医师定期考核).
CREATE TABLE physician_assessment (
    id TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL REFERENCES person (id),
    slot TEXT NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_to INTEGER
        CONSTRAINT physician_assessment_valid CHECK (valid_to > valid_from),
    recorded_at INTEGER NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES change (id),
    superseded_at INTEGER,
    superseded_by TEXT REFERENCES change (id),
    assessed INTEGER NOT NULL
        CONSTRAINT physician_assessment_assessed CHECK (assessed BETWEEN -719162 AND 2932896),
    result TEXT NOT NULL
        CONSTRAINT physician_assessment_result CHECK (result IN ('qualified', 'unqualified')),
    -- the next one, where somebody has set the day
    next_due INTEGER
        CONSTRAINT physician_assessment_next_due CHECK (next_due BETWEEN -719162 AND 2932896)
) STRICT;
CREATE UNIQUE INDEX physician_assessment_subject_slot_valid_from
    ON physician_assessment (subject, slot, valid_from)
    WHERE superseded_at IS NULL;
CREATE INDEX physician_assessment_subject ON physician_assessment (subject);

-- What training a round asks for; hours and the first day of the period where they are said.
ALTER TABLE round ADD COLUMN training TEXT
    CONSTRAINT round_training CHECK (training IN (
        'residency', 'transfer', 'post', 'assistant_gp', 'essential_medicines',
        'capacity', 'continuing'
    ));
ALTER TABLE round ADD COLUMN training_hours INTEGER
    CONSTRAINT round_training_hours CHECK (training_hours >= 0);
ALTER TABLE round ADD COLUMN training_since INTEGER
    CONSTRAINT round_training_since CHECK (training_since BETWEEN -719162 AND 2932896);
