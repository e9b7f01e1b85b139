-- What somebody proposes that a place adopts. Nobody adopts what they proposed, so a
-- proposal waits here until somebody else decides.
CREATE TABLE adoption_proposal (
    id TEXT NOT NULL PRIMARY KEY,
    place TEXT NOT NULL REFERENCES place (id),
    -- adopt or abandon a policy, handle or no longer handle a rule
    matter TEXT NOT NULL
        CONSTRAINT adoption_proposal_matter CHECK (matter IN ('adopt', 'abandon', 'handle', 'release')),
    policy TEXT NOT NULL,
    -- of a rule
    rule TEXT,
    handling TEXT
        CONSTRAINT adoption_proposal_handling CHECK (handling IN ('block', 'warn', 'record')),
    -- of an adoption
    document TEXT,
    raised_ratio INTEGER
        CONSTRAINT adoption_proposal_raised_ratio CHECK (raised_ratio IN (0, 1)),
    directed_evaluation INTEGER
        CONSTRAINT adoption_proposal_directed_evaluation CHECK (directed_evaluation IN (0, 1)),
    off_quota TEXT
        CONSTRAINT adoption_proposal_off_quota CHECK (off_quota IN ('automatic', 'by_decision')),
    approval_route TEXT,
    -- for which days
    valid_from INTEGER NOT NULL,
    valid_to INTEGER
        CONSTRAINT adoption_proposal_valid CHECK (valid_to > valid_from),
    reason TEXT NOT NULL,
    proposed_at INTEGER NOT NULL,
    account TEXT NOT NULL,
    person TEXT,
    -- name and office as they were then
    author TEXT NOT NULL,
    office TEXT NOT NULL,
    state TEXT NOT NULL
        CONSTRAINT adoption_proposal_state CHECK (state IN ('open', 'adopted', 'declined', 'withdrawn')),
    decided_at INTEGER,
    -- of an adopted one: the change that recorded it
    change TEXT REFERENCES change (id)
) STRICT;
CREATE INDEX adoption_proposal_place ON adoption_proposal (place);

-- Trees ask what stands below an institution.
CREATE INDEX institution_profile_parent ON institution_profile (parent);
