-- The register: subjects, and what is recorded of them day by day.
--
-- A subject has a key by which the outside world knows it, and a version that grows with
-- every change. Identity numbers are kept encrypted and found by a keyed hash; the
-- database never sees the keys.
--
-- A dated table says what holds of a subject from valid_from on and before valid_to (null:
-- until further notice). Rows are never altered: a correction sets superseded_at and
-- superseded_by and adds other rows, so that every figure can be asked for any day, and
-- as it was known at any instant. In one slot of one subject the rows that are not
-- superseded do not overlap. Slot is '' where a subject has one such fact at a time.

CREATE TABLE institution (
    id TEXT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL REFERENCES change (id)
) STRICT;
CREATE UNIQUE INDEX institution_code ON institution (code);

-- Administrative places.
CREATE TABLE place (
    id TEXT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL REFERENCES change (id)
) STRICT;
CREATE UNIQUE INDEX place_code ON place (code);

CREATE TABLE person (
    id TEXT NOT NULL PRIMARY KEY,
    -- keyed hash of the identity number, hexadecimal
    id_hash TEXT NOT NULL,
    id_cipher TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL REFERENCES change (id)
) STRICT;
CREATE UNIQUE INDEX person_id_hash ON person (id_hash);

CREATE TABLE rural_doctor (
    id TEXT NOT NULL PRIMARY KEY,
    id_hash TEXT NOT NULL,
    id_cipher TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL REFERENCES change (id)
) STRICT;
CREATE UNIQUE INDEX rural_doctor_id_hash ON rural_doctor (id_hash);

-- A day for which the records of some institutions or places are complete: whoever is
-- not recorded there was not there. Before the first such day figures are unknown.
CREATE TABLE complete_record (
    id TEXT NOT NULL PRIMARY KEY,
    -- all; area: every institution, rural doctor and place whose code begins with the
    -- scope; institution: the one with that code
    kind TEXT NOT NULL
        CONSTRAINT complete_record_kind CHECK (kind IN ('all', 'area', 'institution')),
    -- '' for all
    scope TEXT NOT NULL,
    valid_on INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES change (id)
) STRICT;
CREATE UNIQUE INDEX complete_record_kind_scope_valid_on
    ON complete_record (kind, scope, valid_on);

-- What an institution is. An institution exists on the days for which it has a profile.
CREATE TABLE institution_profile (
    id TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL REFERENCES institution (id),
    slot TEXT NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_to INTEGER
        CONSTRAINT institution_profile_valid CHECK (valid_to > valid_from),
    recorded_at INTEGER NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES change (id),
    superseded_at INTEGER,
    superseded_by TEXT REFERENCES change (id),
    name TEXT NOT NULL,
    kind TEXT
        CONSTRAINT institution_profile_kind CHECK (kind IN (
            'township_health_centre', 'community_health_centre', 'community_health_station',
            'village_clinic', 'county_hospital', 'city_hospital', 'cdc',
            'maternal_child_health', 'other'
        )),
    area TEXT,
    parent TEXT,
    consortium TEXT,
    sponsor TEXT NOT NULL
        CONSTRAINT institution_profile_sponsor CHECK (sponsor IN (
            'government', 'government_body', 'public_body', 'society'
        )),
    service_population INTEGER
        CONSTRAINT institution_profile_service_population CHECK (service_population >= 0),
    beds INTEGER
        CONSTRAINT institution_profile_beds CHECK (beds >= 0),
    rehabilitation_beds INTEGER
        CONSTRAINT institution_profile_rehabilitation_beds CHECK (rehabilitation_beds >= 0),
    raised_senior_ratio INTEGER NOT NULL
        CONSTRAINT institution_profile_raised_senior_ratio CHECK (raised_senior_ratio IN (0, 1)),
    directed_evaluation INTEGER NOT NULL
        CONSTRAINT institution_profile_directed_evaluation CHECK (directed_evaluation IN (0, 1))
) STRICT;
CREATE UNIQUE INDEX institution_profile_subject_slot_valid_from
    ON institution_profile (subject, slot, valid_from)
    WHERE superseded_at IS NULL;
CREATE INDEX institution_profile_subject ON institution_profile (subject);

-- Establishment decisions: people approved; null is not given, never zero.
CREATE TABLE establishment (
    id TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL REFERENCES institution (id),
    slot TEXT NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_to INTEGER
        CONSTRAINT establishment_valid CHECK (valid_to > valid_from),
    recorded_at INTEGER NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES change (id),
    superseded_at INTEGER,
    superseded_by TEXT REFERENCES change (id),
    total INTEGER
        CONSTRAINT establishment_total CHECK (total >= 0),
    professional INTEGER
        CONSTRAINT establishment_professional CHECK (professional >= 0),
    management INTEGER
        CONSTRAINT establishment_management CHECK (management >= 0),
    worker INTEGER
        CONSTRAINT establishment_worker CHECK (worker >= 0),
    approved INTEGER,
    document TEXT,
    decided_on INTEGER
        CONSTRAINT establishment_decided_on CHECK (decided_on BETWEEN -719162 AND 2932896),
    approving_body TEXT,
    review_due INTEGER
) STRICT;
CREATE UNIQUE INDEX establishment_subject_slot_valid_from
    ON establishment (subject, slot, valid_from)
    WHERE superseded_at IS NULL;
CREATE INDEX establishment_subject ON establishment (subject);

-- Professional posts approved.
CREATE TABLE post_plan (
    id TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL REFERENCES institution (id),
    slot TEXT NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_to INTEGER
        CONSTRAINT post_plan_valid CHECK (valid_to > valid_from),
    recorded_at INTEGER NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES change (id),
    superseded_at INTEGER,
    superseded_by TEXT REFERENCES change (id),
    professional INTEGER
        CONSTRAINT post_plan_professional CHECK (professional >= 0),
    health INTEGER
        CONSTRAINT post_plan_health CHECK (health >= 0),
    senior INTEGER
        CONSTRAINT post_plan_senior CHECK (senior >= 0),
    intermediate INTEGER
        CONSTRAINT post_plan_intermediate CHECK (intermediate >= 0),
    junior INTEGER
        CONSTRAINT post_plan_junior CHECK (junior >= 0),
    directed INTEGER
        CONSTRAINT post_plan_directed CHECK (directed >= 0)
) STRICT;
CREATE UNIQUE INDEX post_plan_subject_slot_valid_from
    ON post_plan (subject, slot, valid_from)
    WHERE superseded_at IS NULL;
CREATE INDEX post_plan_subject ON post_plan (subject);

-- What is known of a person wherever they work.
CREATE TABLE person_profile (
    id TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL REFERENCES person (id),
    slot TEXT NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_to INTEGER
        CONSTRAINT person_profile_valid CHECK (valid_to > valid_from),
    recorded_at INTEGER NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES change (id),
    superseded_at INTEGER,
    superseded_by TEXT REFERENCES change (id),
    name TEXT NOT NULL,
    mobile_hash TEXT,
    mobile_cipher TEXT,
    email TEXT,
    job_class TEXT
        CONSTRAINT person_profile_job_class CHECK (job_class IN (
            'physician', 'assistant_physician', 'trainee_physician', 'nurse', 'midwife',
            'pharmacist', 'traditional_pharmacist', 'laboratory', 'imaging', 'inspector',
            'other_health', 'other_technical', 'manager', 'worker'
        )),
    licence_class TEXT
        CONSTRAINT person_profile_licence_class CHECK (licence_class IN (
            'clinical', 'dental', 'public_health', 'traditional'
        )),
    multi_site INTEGER
        CONSTRAINT person_profile_multi_site CHECK (multi_site IN (0, 1)),
    second_site TEXT
        CONSTRAINT person_profile_second_site CHECK (second_site IN (
            'hospital', 'township_health_centre', 'community_health', 'other'
        )),
    third_site TEXT
        CONSTRAINT person_profile_third_site CHECK (third_site IN (
            'hospital', 'township_health_centre', 'community_health', 'other'
        )),
    gp_registered INTEGER NOT NULL
        CONSTRAINT person_profile_gp_registered CHECK (gp_registered IN (0, 1)),
    gp_training TEXT NOT NULL
        CONSTRAINT person_profile_gp_training CHECK (gp_training IN (
            'none', 'residency', 'transfer', 'post'
        )),
    preventive_post INTEGER NOT NULL
        CONSTRAINT person_profile_preventive_post CHECK (preventive_post IN (0, 1)),
    retirement_class TEXT
        CONSTRAINT person_profile_retirement_class CHECK (retirement_class IN (
            'men_60', 'women_55', 'women_50', 'women_60'
        )),
    started_work INTEGER,
    history_known INTEGER NOT NULL
        CONSTRAINT person_profile_history_known CHECK (history_known IN (0, 1))
) STRICT;
CREATE UNIQUE INDEX person_profile_subject_slot_valid_from
    ON person_profile (subject, slot, valid_from)
    WHERE superseded_at IS NULL;
CREATE INDEX person_profile_subject ON person_profile (subject);
CREATE INDEX person_profile_mobile_hash ON person_profile (mobile_hash)
    WHERE mobile_hash IS NOT NULL;

-- Where a person works. A person is on the staff on the days for which there is one.
CREATE TABLE employment (
    id TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL REFERENCES person (id),
    slot TEXT NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_to INTEGER
        CONSTRAINT employment_valid CHECK (valid_to > valid_from),
    recorded_at INTEGER NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES change (id),
    superseded_at INTEGER,
    superseded_by TEXT REFERENCES change (id),
    institution TEXT NOT NULL REFERENCES institution (id),
    employment TEXT NOT NULL
        CONSTRAINT employment_employment CHECK (employment IN (
            'establishment', 'contract', 'agency', 'reemployed', 'other'
        )),
    category TEXT NOT NULL
        CONSTRAINT employment_category CHECK (category IN ('professional', 'management', 'worker')),
    dual_post INTEGER NOT NULL
        CONSTRAINT employment_dual_post CHECK (dual_post IN (0, 1))
) STRICT;
CREATE UNIQUE INDEX employment_subject_slot_valid_from
    ON employment (subject, slot, valid_from)
    WHERE superseded_at IS NULL;
CREATE INDEX employment_subject ON employment (subject);
CREATE INDEX employment_institution ON employment (institution);

-- The title a person holds.
CREATE TABLE title (
    id TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL REFERENCES person (id),
    slot TEXT NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_to INTEGER
        CONSTRAINT title_valid CHECK (valid_to > valid_from),
    recorded_at INTEGER NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES change (id),
    superseded_at INTEGER,
    superseded_by TEXT REFERENCES change (id),
    rank TEXT NOT NULL
        CONSTRAINT title_rank CHECK (rank IN (
            'none', 'assistant', 'junior', 'intermediate', 'associate_senior', 'senior'
        )),
    kind TEXT NOT NULL
        CONSTRAINT title_kind CHECK (kind IN ('ordinary', 'directed')),
    field TEXT,
    area TEXT,
    since INTEGER,
    series TEXT
        CONSTRAINT title_series CHECK (series IN (
            'physician', 'pharmacist', 'nurse', 'technician', 'other'
        )),
    certificate TEXT
) STRICT;
CREATE UNIQUE INDEX title_subject_slot_valid_from
    ON title (subject, slot, valid_from)
    WHERE superseded_at IS NULL;
CREATE INDEX title_subject ON title (subject);

-- The post a person is appointed to.
CREATE TABLE appointment (
    id TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL REFERENCES person (id),
    slot TEXT NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_to INTEGER
        CONSTRAINT appointment_valid CHECK (valid_to > valid_from),
    recorded_at INTEGER NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES change (id),
    superseded_at INTEGER,
    superseded_by TEXT REFERENCES change (id),
    rank TEXT NOT NULL
        CONSTRAINT appointment_rank CHECK (rank IN (
            'none', 'assistant', 'junior', 'intermediate', 'associate_senior', 'senior'
        )),
    grade INTEGER
        CONSTRAINT appointment_grade CHECK (grade BETWEEN 1 AND 13),
    since INTEGER,
    manner TEXT NOT NULL
        CONSTRAINT appointment_manner CHECK (manner IN (
            'ordinary', 'directed', 'beyond_ratio', 'special'
        ))
) STRICT;
CREATE UNIQUE INDEX appointment_subject_slot_valid_from
    ON appointment (subject, slot, valid_from)
    WHERE superseded_at IS NULL;
CREATE INDEX appointment_subject ON appointment (subject);

-- Service spells, each in a slot of its own. Started and ended are what the spell says of
-- itself; valid_from and valid_to are the days for which the record says so.
CREATE TABLE service_spell (
    id TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL REFERENCES person (id),
    slot TEXT NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_to INTEGER
        CONSTRAINT service_spell_valid CHECK (valid_to > valid_from),
    recorded_at INTEGER NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES change (id),
    superseded_at INTEGER,
    superseded_by TEXT REFERENCES change (id),
    started INTEGER NOT NULL,
    ended INTEGER,
    employer TEXT NOT NULL,
    kind TEXT NOT NULL
        CONSTRAINT service_spell_kind CHECK (kind IN (
            'township_health_centre', 'community_health_centre', 'community_health_station',
            'village_clinic', 'county_hospital', 'city_hospital', 'cdc',
            'maternal_child_health', 'other'
        )),
    location TEXT
        CONSTRAINT service_spell_location CHECK (location IN ('township', 'city', 'village')),
    category TEXT NOT NULL
        CONSTRAINT service_spell_category CHECK (category IN (
            'professional', 'management', 'worker'
        ))
) STRICT;
CREATE UNIQUE INDEX service_spell_subject_slot_valid_from
    ON service_spell (subject, slot, valid_from)
    WHERE superseded_at IS NULL;
CREATE INDEX service_spell_subject ON service_spell (subject);

-- What is known of a rural doctor, who exists on the days for which there is one.
CREATE TABLE rural_doctor_profile (
    id TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL REFERENCES rural_doctor (id),
    slot TEXT NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_to INTEGER
        CONSTRAINT rural_doctor_profile_valid CHECK (valid_to > valid_from),
    recorded_at INTEGER NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES change (id),
    superseded_at INTEGER,
    superseded_by TEXT REFERENCES change (id),
    name TEXT NOT NULL,
    area TEXT NOT NULL,
    clinic TEXT,
    qualification TEXT NOT NULL
        CONSTRAINT rural_doctor_profile_qualification CHECK (qualification IN (
            'physician', 'assistant_physician', 'rural_doctor'
        )),
    labour_relation TEXT NOT NULL
        CONSTRAINT rural_doctor_profile_labour_relation CHECK (labour_relation IN (
            'employed', 'flexible', 'incomplete', 'none'
        )),
    on_establishment INTEGER NOT NULL
        CONSTRAINT rural_doctor_profile_on_establishment CHECK (on_establishment IN (0, 1)),
    pension TEXT
        CONSTRAINT rural_doctor_profile_pension CHECK (pension IN (
            'employees', 'residents', 'none'
        ))
) STRICT;
CREATE UNIQUE INDEX rural_doctor_profile_subject_slot_valid_from
    ON rural_doctor_profile (subject, slot, valid_from)
    WHERE superseded_at IS NULL;
CREATE INDEX rural_doctor_profile_subject ON rural_doctor_profile (subject);

-- What is known of a place, which exists on the days for which there is one.
CREATE TABLE place_profile (
    id TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL REFERENCES place (id),
    slot TEXT NOT NULL,
    valid_from INTEGER NOT NULL,
    valid_to INTEGER
        CONSTRAINT place_profile_valid CHECK (valid_to > valid_from),
    recorded_at INTEGER NOT NULL,
    recorded_by TEXT NOT NULL REFERENCES change (id),
    superseded_at INTEGER,
    superseded_by TEXT REFERENCES change (id),
    name TEXT NOT NULL,
    level TEXT NOT NULL
        CONSTRAINT place_profile_level CHECK (level IN (
            'county', 'street', 'township', 'community', 'village'
        )),
    parent TEXT,
    residents INTEGER
        CONSTRAINT place_profile_residents CHECK (residents >= 0),
    establishment_reviewed INTEGER
) STRICT;
CREATE UNIQUE INDEX place_profile_subject_slot_valid_from
    ON place_profile (subject, slot, valid_from)
    WHERE superseded_at IS NULL;
CREATE INDEX place_profile_subject ON place_profile (subject);
