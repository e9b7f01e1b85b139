-- Proposals that a place adopts a policy, or ends its adoption. Who proposed it does not
-- decide it; what was adopted stands in policy_adoption and rule_handling.
CREATE TABLE adoption_proposal (
    id TEXT NOT NULL PRIMARY KEY,
    -- code of the place
    area TEXT NOT NULL,
    policy TEXT NOT NULL,
    -- 1: the adoption is to end
    ends INTEGER NOT NULL
        CONSTRAINT adoption_proposal_ends CHECK (ends IN (0, 1)),
    document TEXT,
    raised_ratio INTEGER NOT NULL
        CONSTRAINT adoption_proposal_raised_ratio CHECK (raised_ratio IN (0, 1)),
    directed_evaluation INTEGER NOT NULL
        CONSTRAINT adoption_proposal_directed_evaluation CHECK (directed_evaluation IN (0, 1)),
    off_quota TEXT NOT NULL
        CONSTRAINT adoption_proposal_off_quota CHECK (off_quota IN ('automatic', 'by_decision')),
    approval_route TEXT,
    -- JSON: how rules are to be applied, by rule
    handling TEXT NOT NULL,
    -- from which day on
    valid_from INTEGER NOT NULL,
    reason TEXT,
    proposed_at INTEGER NOT NULL,
    account TEXT NOT NULL,
    -- the person behind the account
    person TEXT,
    author TEXT NOT NULL,
    state TEXT NOT NULL
        CONSTRAINT adoption_proposal_state CHECK (state IN ('open', 'adopted', 'withdrawn')),
    decided_at INTEGER,
    decided_by TEXT,
    change TEXT REFERENCES change (id)
) STRICT;
CREATE INDEX adoption_proposal_area ON adoption_proposal (area);
