-- The rest of what is recorded of institutions, people, rural doctors and places. All of
-- it is dated as in the step before. Amounts of money are in fen, a hundredth of a yuan.

-- From which institutions one comes: by merger, split or conversion.
CREATE TABLE succession (
    id TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL REFERENCES institution (id),
    slot TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT
        CONSTRAINT succession_valid CHECK (valid_to > valid_from),
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES change (id),
    superseded_at BIGINT,
    superseded_by TEXT REFERENCES change (id),
    predecessor TEXT NOT NULL REFERENCES institution (id),
    manner TEXT NOT NULL
        CONSTRAINT succession_manner CHECK (manner IN ('merger', 'split', 'conversion')),
    document TEXT
);
CREATE UNIQUE INDEX succession_subject_slot_valid_from
    ON succession (subject, slot, valid_from)
    WHERE superseded_at IS NULL;
CREATE INDEX succession_subject ON succession (subject);

-- Posts planned by category, level and band of grades. From the higher grade to the lower:
-- highest is the smaller number.
CREATE TABLE planned_posts (
    id TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL REFERENCES institution (id),
    slot TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT
        CONSTRAINT planned_posts_valid CHECK (valid_to > valid_from),
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES change (id),
    superseded_at BIGINT,
    superseded_by TEXT REFERENCES change (id),
    category TEXT NOT NULL
        CONSTRAINT planned_posts_category CHECK (category IN (
            'professional', 'management', 'worker'
        )),
    manner TEXT NOT NULL
        CONSTRAINT planned_posts_manner CHECK (manner IN (
            'ordinary', 'directed', 'beyond_ratio', 'special'
        )),
    level TEXT
        CONSTRAINT planned_posts_level CHECK (level IN ('senior', 'intermediate', 'junior')),
    highest BIGINT
        CONSTRAINT planned_posts_highest CHECK (highest BETWEEN 1 AND 13),
    lowest BIGINT
        CONSTRAINT planned_posts_lowest CHECK (lowest BETWEEN 1 AND 13),
    posts BIGINT NOT NULL
        CONSTRAINT planned_posts_posts CHECK (posts >= 0)
);
CREATE UNIQUE INDEX planned_posts_subject_slot_valid_from
    ON planned_posts (subject, slot, valid_from)
    WHERE superseded_at IS NULL;
CREATE INDEX planned_posts_subject ON planned_posts (subject);

-- Pay totals approved for a year, the allowance of general practitioners apart.
CREATE TABLE pay_total (
    id TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL REFERENCES institution (id),
    slot TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT
        CONSTRAINT pay_total_valid CHECK (valid_to > valid_from),
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES change (id),
    superseded_at BIGINT,
    superseded_by TEXT REFERENCES change (id),
    year BIGINT NOT NULL,
    total BIGINT NOT NULL
        CONSTRAINT pay_total_total CHECK (total >= 0),
    gp_allowance BIGINT
        CONSTRAINT pay_total_gp_allowance CHECK (gp_allowance >= 0),
    document TEXT
);
CREATE UNIQUE INDEX pay_total_subject_slot_valid_from
    ON pay_total (subject, slot, valid_from)
    WHERE superseded_at IS NULL;
CREATE INDEX pay_total_subject ON pay_total (subject);

-- Family-doctor teams.
CREATE TABLE team (
    id TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL REFERENCES institution (id),
    slot TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT
        CONSTRAINT team_valid CHECK (valid_to > valid_from),
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES change (id),
    superseded_at BIGINT,
    superseded_by TEXT REFERENCES change (id),
    name TEXT NOT NULL,
    area TEXT,
    residents BIGINT
        CONSTRAINT team_residents CHECK (residents >= 0)
);
CREATE UNIQUE INDEX team_subject_slot_valid_from
    ON team (subject, slot, valid_from)
    WHERE superseded_at IS NULL;
CREATE INDEX team_subject ON team (subject);

-- Whose establishment, who manages and where the work is done, for people who are shared.
CREATE TABLE shared_employment (
    id TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL REFERENCES person (id),
    slot TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT
        CONSTRAINT shared_employment_valid CHECK (valid_to > valid_from),
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES change (id),
    superseded_at BIGINT,
    superseded_by TEXT REFERENCES change (id),
    manner TEXT NOT NULL
        CONSTRAINT shared_employment_manner CHECK (manner IN ('county_managed', 'township_hired')),
    establishment TEXT REFERENCES institution (id),
    manager TEXT REFERENCES institution (id),
    workplace TEXT REFERENCES institution (id)
);
CREATE UNIQUE INDEX shared_employment_subject_slot_valid_from
    ON shared_employment (subject, slot, valid_from)
    WHERE superseded_at IS NULL;
CREATE INDEX shared_employment_subject ON shared_employment (subject);

-- Licences to practise.
CREATE TABLE licence (
    id TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL REFERENCES person (id),
    slot TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT
        CONSTRAINT licence_valid CHECK (valid_to > valid_from),
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES change (id),
    superseded_at BIGINT,
    superseded_by TEXT REFERENCES change (id),
    kind TEXT NOT NULL
        CONSTRAINT licence_kind CHECK (kind IN (
            'physician', 'assistant_physician', 'nurse', 'pharmacist', 'other'
        )),
    number TEXT,
    scope TEXT,
    issued BIGINT
        CONSTRAINT licence_issued CHECK (issued BETWEEN -719162 AND 2932896),
    expires BIGINT
        CONSTRAINT licence_expires CHECK (expires BETWEEN -719162 AND 2932896)
);
CREATE UNIQUE INDEX licence_subject_slot_valid_from
    ON licence (subject, slot, valid_from)
    WHERE superseded_at IS NULL;
CREATE INDEX licence_subject ON licence (subject);

-- Registration as a general practitioner, and the community served.
CREATE TABLE gp_registration (
    id TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL REFERENCES person (id),
    slot TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT
        CONSTRAINT gp_registration_valid CHECK (valid_to > valid_from),
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES change (id),
    superseded_at BIGINT,
    superseded_by TEXT REFERENCES change (id),
    registered BIGINT
        CONSTRAINT gp_registration_registered CHECK (registered BETWEEN -719162 AND 2932896),
    community TEXT
);
CREATE UNIQUE INDEX gp_registration_subject_slot_valid_from
    ON gp_registration (subject, slot, valid_from)
    WHERE superseded_at IS NULL;
CREATE INDEX gp_registration_subject ON gp_registration (subject);

-- Further places of practice.
CREATE TABLE practice_site (
    id TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL REFERENCES person (id),
    slot TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT
        CONSTRAINT practice_site_valid CHECK (valid_to > valid_from),
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES change (id),
    superseded_at BIGINT,
    superseded_by TEXT REFERENCES change (id),
    kind TEXT NOT NULL
        CONSTRAINT practice_site_kind CHECK (kind IN (
            'hospital', 'township_health_centre', 'community_health', 'other'
        )),
    institution TEXT REFERENCES institution (id),
    name TEXT,
    registered BIGINT
        CONSTRAINT practice_site_registered CHECK (registered BETWEEN -719162 AND 2932896)
);
CREATE UNIQUE INDEX practice_site_subject_slot_valid_from
    ON practice_site (subject, slot, valid_from)
    WHERE superseded_at IS NULL;
CREATE INDEX practice_site_subject ON practice_site (subject);

-- Decisions that a holder stands in a ledger.
CREATE TABLE ledger_decision (
    id TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL REFERENCES person (id),
    slot TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT
        CONSTRAINT ledger_decision_valid CHECK (valid_to > valid_from),
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES change (id),
    superseded_at BIGINT,
    superseded_by TEXT REFERENCES change (id),
    ledger TEXT NOT NULL
        CONSTRAINT ledger_decision_ledger CHECK (ledger IN (
            'ordinary', 'beyond_ratio', 'off_quota', 'directed', 'special'
        )),
    decided_on BIGINT
        CONSTRAINT ledger_decision_decided_on CHECK (decided_on BETWEEN -719162 AND 2932896),
    document TEXT
);
CREATE UNIQUE INDEX ledger_decision_subject_slot_valid_from
    ON ledger_decision (subject, slot, valid_from)
    WHERE superseded_at IS NULL;
CREATE INDEX ledger_decision_subject ON ledger_decision (subject);

-- What proves service in some months.
CREATE TABLE service_evidence (
    id TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL REFERENCES person (id),
    slot TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT
        CONSTRAINT service_evidence_valid CHECK (valid_to > valid_from),
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES change (id),
    superseded_at BIGINT,
    superseded_by TEXT REFERENCES change (id),
    kind TEXT NOT NULL
        CONSTRAINT service_evidence_kind CHECK (kind IN (
            'contract', 'payroll', 'insurance', 'personnel_file', 'certificate', 'other'
        )),
    started BIGINT NOT NULL,
    ended BIGINT,
    document TEXT
);
CREATE UNIQUE INDEX service_evidence_subject_slot_valid_from
    ON service_evidence (subject, slot, valid_from)
    WHERE superseded_at IS NULL;
CREATE INDEX service_evidence_subject ON service_evidence (subject);

-- Honours.
CREATE TABLE honour (
    id TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL REFERENCES person (id),
    slot TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT
        CONSTRAINT honour_valid CHECK (valid_to > valid_from),
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES change (id),
    superseded_at BIGINT,
    superseded_by TEXT REFERENCES change (id),
    name TEXT NOT NULL,
    level TEXT NOT NULL
        CONSTRAINT honour_level CHECK (level IN (
            'national', 'province', 'city', 'county', 'institution'
        )),
    awarded BIGINT
        CONSTRAINT honour_awarded CHECK (awarded BETWEEN -719162 AND 2932896),
    body TEXT,
    document TEXT
);
CREATE UNIQUE INDEX honour_subject_slot_valid_from
    ON honour (subject, slot, valid_from)
    WHERE superseded_at IS NULL;
CREATE INDEX honour_subject ON honour (subject);

-- Annual assessments; satisfaction of the residents in thousandths.
CREATE TABLE assessment (
    id TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL REFERENCES person (id),
    slot TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT
        CONSTRAINT assessment_valid CHECK (valid_to > valid_from),
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES change (id),
    superseded_at BIGINT,
    superseded_by TEXT REFERENCES change (id),
    year BIGINT NOT NULL,
    result TEXT NOT NULL
        CONSTRAINT assessment_result CHECK (result IN (
            'excellent', 'competent', 'basic', 'incompetent', 'undetermined'
        )),
    satisfaction BIGINT
        CONSTRAINT assessment_satisfaction CHECK (satisfaction BETWEEN 0 AND 1000)
);
CREATE UNIQUE INDEX assessment_subject_slot_valid_from
    ON assessment (subject, slot, valid_from)
    WHERE superseded_at IS NULL;
CREATE INDEX assessment_subject ON assessment (subject);

-- Training.
CREATE TABLE training (
    id TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL REFERENCES person (id),
    slot TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT
        CONSTRAINT training_valid CHECK (valid_to > valid_from),
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES change (id),
    superseded_at BIGINT,
    superseded_by TEXT REFERENCES change (id),
    kind TEXT NOT NULL
        CONSTRAINT training_kind CHECK (kind IN (
            'residency', 'transfer', 'post', 'assistant_gp', 'essential_medicines',
            'capacity', 'continuing'
        )),
    started BIGINT
        CONSTRAINT training_started CHECK (started BETWEEN -719162 AND 2932896),
    ended BIGINT
        CONSTRAINT training_ended CHECK (ended BETWEEN -719162 AND 2932896),
    hours BIGINT
        CONSTRAINT training_hours CHECK (hours >= 0),
    provider TEXT,
    certificate TEXT
);
CREATE UNIQUE INDEX training_subject_slot_valid_from
    ON training (subject, slot, valid_from)
    WHERE superseded_at IS NULL;
CREATE INDEX training_subject ON training (subject);

-- Work elsewhere for a time, while establishment and post stay at home.
CREATE TABLE assignment (
    id TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL REFERENCES person (id),
    slot TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT
        CONSTRAINT assignment_valid CHECK (valid_to > valid_from),
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES change (id),
    superseded_at BIGINT,
    superseded_by TEXT REFERENCES change (id),
    kind TEXT NOT NULL
        CONSTRAINT assignment_kind CHECK (kind IN (
            'stationed', 'rotation', 'rounds', 'support', 'secondment'
        )),
    institution TEXT REFERENCES institution (id),
    place TEXT,
    started BIGINT NOT NULL
        CONSTRAINT assignment_started CHECK (started BETWEEN -719162 AND 2932896),
    ended BIGINT
        CONSTRAINT assignment_ended CHECK (ended BETWEEN -719162 AND 2932896),
    evidence TEXT
);
CREATE UNIQUE INDEX assignment_subject_slot_valid_from
    ON assignment (subject, slot, valid_from)
    WHERE superseded_at IS NULL;
CREATE INDEX assignment_subject ON assignment (subject);

-- Terms of leaders.
CREATE TABLE leader_term (
    id TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL REFERENCES person (id),
    slot TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT
        CONSTRAINT leader_term_valid CHECK (valid_to > valid_from),
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES change (id),
    superseded_at BIGINT,
    superseded_by TEXT REFERENCES change (id),
    institution TEXT NOT NULL REFERENCES institution (id),
    role TEXT NOT NULL,
    started BIGINT NOT NULL
        CONSTRAINT leader_term_started CHECK (started BETWEEN -719162 AND 2932896),
    ends BIGINT
        CONSTRAINT leader_term_ends CHECK (ends BETWEEN -719162 AND 2932896),
    targets TEXT
);
CREATE UNIQUE INDEX leader_term_subject_slot_valid_from
    ON leader_term (subject, slot, valid_from)
    WHERE superseded_at IS NULL;
CREATE INDEX leader_term_subject ON leader_term (subject);

-- Leave.
CREATE TABLE leave (
    id TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL REFERENCES person (id),
    slot TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT
        CONSTRAINT leave_valid CHECK (valid_to > valid_from),
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES change (id),
    superseded_at BIGINT,
    superseded_by TEXT REFERENCES change (id),
    kind TEXT NOT NULL
        CONSTRAINT leave_kind CHECK (kind IN ('sick', 'maternity', 'study', 'personal', 'other')),
    started BIGINT NOT NULL
        CONSTRAINT leave_started CHECK (started BETWEEN -719162 AND 2932896),
    ended BIGINT
        CONSTRAINT leave_ended CHECK (ended BETWEEN -719162 AND 2932896)
);
CREATE UNIQUE INDEX leave_subject_slot_valid_from
    ON leave (subject, slot, valid_from)
    WHERE superseded_at IS NULL;
CREATE INDEX leave_subject ON leave (subject);

-- How people leave, with the approval where one is needed.
CREATE TABLE departure (
    id TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL REFERENCES person (id),
    slot TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT
        CONSTRAINT departure_valid CHECK (valid_to > valid_from),
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES change (id),
    superseded_at BIGINT,
    superseded_by TEXT REFERENCES change (id),
    kind TEXT NOT NULL
        CONSTRAINT departure_kind CHECK (kind IN (
            'transfer', 'resignation', 'dismissal', 'retirement', 'death'
        )),
    departed BIGINT NOT NULL
        CONSTRAINT departure_departed CHECK (departed BETWEEN -719162 AND 2932896),
    approved BIGINT
        CONSTRAINT departure_approved CHECK (approved BETWEEN -719162 AND 2932896),
    document TEXT
);
CREATE UNIQUE INDEX departure_subject_slot_valid_from
    ON departure (subject, slot, valid_from)
    WHERE superseded_at IS NULL;
CREATE INDEX departure_subject ON departure (subject);

-- Who is in which family-doctor team; team is its slot.
CREATE TABLE team_member (
    id TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL REFERENCES person (id),
    slot TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT
        CONSTRAINT team_member_valid CHECK (valid_to > valid_from),
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES change (id),
    superseded_at BIGINT,
    superseded_by TEXT REFERENCES change (id),
    institution TEXT NOT NULL REFERENCES institution (id),
    team TEXT NOT NULL,
    leads BIGINT NOT NULL
        CONSTRAINT team_member_leads CHECK (leads IN (0, 1))
);
CREATE UNIQUE INDEX team_member_subject_slot_valid_from
    ON team_member (subject, slot, valid_from)
    WHERE superseded_at IS NULL;
CREATE INDEX team_member_subject ON team_member (subject);

-- Registration of rural doctors.
CREATE TABLE rural_doctor_registration (
    id TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL REFERENCES rural_doctor (id),
    slot TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT
        CONSTRAINT rural_doctor_registration_valid CHECK (valid_to > valid_from),
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES change (id),
    superseded_at BIGINT,
    superseded_by TEXT REFERENCES change (id),
    number TEXT,
    registered BIGINT
        CONSTRAINT rural_doctor_registration_registered CHECK (registered BETWEEN -719162 AND 2932896),
    expires BIGINT
        CONSTRAINT rural_doctor_registration_expires CHECK (expires BETWEEN -719162 AND 2932896)
);
CREATE UNIQUE INDEX rural_doctor_registration_subject_slot_valid_from
    ON rural_doctor_registration (subject, slot, valid_from)
    WHERE superseded_at IS NULL;
CREATE INDEX rural_doctor_registration_subject ON rural_doctor_registration (subject);

-- Examinations that rural doctors sat.
CREATE TABLE rural_doctor_examination (
    id TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL REFERENCES rural_doctor (id),
    slot TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT
        CONSTRAINT rural_doctor_examination_valid CHECK (valid_to > valid_from),
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES change (id),
    superseded_at BIGINT,
    superseded_by TEXT REFERENCES change (id),
    year BIGINT NOT NULL,
    aimed_at TEXT NOT NULL
        CONSTRAINT rural_doctor_examination_aimed_at CHECK (aimed_at IN (
            'physician', 'assistant_physician', 'rural_doctor'
        )),
    passed BIGINT NOT NULL
        CONSTRAINT rural_doctor_examination_passed CHECK (passed IN (0, 1))
);
CREATE UNIQUE INDEX rural_doctor_examination_subject_slot_valid_from
    ON rural_doctor_examination (subject, slot, valid_from)
    WHERE superseded_at IS NULL;
CREATE INDEX rural_doctor_examination_subject ON rural_doctor_examination (subject);

-- Pension insurance of rural doctors.
CREATE TABLE rural_doctor_pension (
    id TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL REFERENCES rural_doctor (id),
    slot TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT
        CONSTRAINT rural_doctor_pension_valid CHECK (valid_to > valid_from),
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES change (id),
    superseded_at BIGINT,
    superseded_by TEXT REFERENCES change (id),
    scheme TEXT NOT NULL
        CONSTRAINT rural_doctor_pension_scheme CHECK (scheme IN ('employees', 'residents', 'none')),
    tier TEXT,
    back_paid BIGINT,
    first_benefit BIGINT
);
CREATE UNIQUE INDEX rural_doctor_pension_subject_slot_valid_from
    ON rural_doctor_pension (subject, slot, valid_from)
    WHERE superseded_at IS NULL;
CREATE INDEX rural_doctor_pension_subject ON rural_doctor_pension (subject);

-- Medical insurance of rural doctors.
CREATE TABLE rural_doctor_medical (
    id TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL REFERENCES rural_doctor (id),
    slot TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT
        CONSTRAINT rural_doctor_medical_valid CHECK (valid_to > valid_from),
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES change (id),
    superseded_at BIGINT,
    superseded_by TEXT REFERENCES change (id),
    scheme TEXT NOT NULL
        CONSTRAINT rural_doctor_medical_scheme CHECK (scheme IN ('employees', 'residents', 'none')),
    since BIGINT
);
CREATE UNIQUE INDEX rural_doctor_medical_subject_slot_valid_from
    ON rural_doctor_medical (subject, slot, valid_from)
    WHERE superseded_at IS NULL;
CREATE INDEX rural_doctor_medical_subject ON rural_doctor_medical (subject);

-- Subsidies month by month, due and paid.
CREATE TABLE rural_doctor_subsidy (
    id TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL REFERENCES rural_doctor (id),
    slot TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT
        CONSTRAINT rural_doctor_subsidy_valid CHECK (valid_to > valid_from),
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES change (id),
    superseded_at BIGINT,
    superseded_by TEXT REFERENCES change (id),
    name TEXT NOT NULL,
    month BIGINT NOT NULL,
    due BIGINT NOT NULL
        CONSTRAINT rural_doctor_subsidy_due CHECK (due >= 0),
    paid BIGINT
        CONSTRAINT rural_doctor_subsidy_paid CHECK (paid >= 0),
    paid_on BIGINT
        CONSTRAINT rural_doctor_subsidy_paid_on CHECK (paid_on BETWEEN -719162 AND 2932896)
);
CREATE UNIQUE INDEX rural_doctor_subsidy_subject_slot_valid_from
    ON rural_doctor_subsidy (subject, slot, valid_from)
    WHERE superseded_at IS NULL;
CREATE INDEX rural_doctor_subsidy_subject ON rural_doctor_subsidy (subject);

-- Which policy a place has adopted, and what it elected.
CREATE TABLE policy_adoption (
    id TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL REFERENCES place (id),
    slot TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT
        CONSTRAINT policy_adoption_valid CHECK (valid_to > valid_from),
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES change (id),
    superseded_at BIGINT,
    superseded_by TEXT REFERENCES change (id),
    policy TEXT NOT NULL,
    document TEXT,
    raised_ratio BIGINT NOT NULL
        CONSTRAINT policy_adoption_raised_ratio CHECK (raised_ratio IN (0, 1)),
    directed_evaluation BIGINT NOT NULL
        CONSTRAINT policy_adoption_directed_evaluation CHECK (directed_evaluation IN (0, 1)),
    off_quota TEXT NOT NULL
        CONSTRAINT policy_adoption_off_quota CHECK (off_quota IN ('automatic', 'by_decision')),
    approval_route TEXT
);
CREATE UNIQUE INDEX policy_adoption_subject_slot_valid_from
    ON policy_adoption (subject, slot, valid_from)
    WHERE superseded_at IS NULL;
CREATE INDEX policy_adoption_subject ON policy_adoption (subject);

-- What happens in a place when a rule is broken.
CREATE TABLE rule_handling (
    id TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL REFERENCES place (id),
    slot TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT
        CONSTRAINT rule_handling_valid CHECK (valid_to > valid_from),
    recorded_at BIGINT NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES change (id),
    superseded_at BIGINT,
    superseded_by TEXT REFERENCES change (id),
    policy TEXT NOT NULL,
    rule TEXT NOT NULL,
    handling TEXT NOT NULL
        CONSTRAINT rule_handling_handling CHECK (handling IN ('block', 'warn', 'record'))
);
CREATE UNIQUE INDEX rule_handling_subject_slot_valid_from
    ON rule_handling (subject, slot, valid_from)
    WHERE superseded_at IS NULL;
CREATE INDEX rule_handling_subject ON rule_handling (subject);
