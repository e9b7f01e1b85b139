-- Competition rounds: the plan, the criteria that were published, the points given.

CREATE TABLE round (
    id TEXT NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    institution TEXT NOT NULL REFERENCES institution (id),
    state TEXT NOT NULL
        CONSTRAINT round_state CHECK (state IN (
                'draft', 'proposed', 'open', 'scoring', 'ranked', 'closed', 'cancelled')),
    title TEXT NOT NULL,
    -- length of the appointments
    term_months INTEGER NOT NULL,
    conditions TEXT NOT NULL,
    -- first and last day on which applications are taken
    opens INTEGER NOT NULL,
    closes INTEGER NOT NULL
) STRICT;
CREATE INDEX round_institution ON round (institution);

CREATE TABLE round_offer (
    round TEXT NOT NULL REFERENCES round (id),
    position INTEGER NOT NULL,
    rank TEXT NOT NULL
        CONSTRAINT round_offer_rank CHECK (rank IN (
                'none', 'assistant', 'junior', 'intermediate', 'associate_senior', 'senior')),
    grade INTEGER,
    places INTEGER NOT NULL,
    PRIMARY KEY (round, position)
) STRICT;

CREATE TABLE round_criterion (
    round TEXT NOT NULL REFERENCES round (id),
    position INTEGER NOT NULL,
    name TEXT NOT NULL,
    -- the most points, in hundredths
    most INTEGER NOT NULL,
    PRIMARY KEY (round, position)
) STRICT;

-- One person's points for one application and criterion.
CREATE TABLE round_score (
    round TEXT NOT NULL REFERENCES round (id),
    application TEXT NOT NULL REFERENCES application (id),
    criterion INTEGER NOT NULL,
    scorer TEXT NOT NULL,
    points INTEGER NOT NULL,
    given INTEGER NOT NULL,
    PRIMARY KEY (application, criterion, scorer)
) STRICT;
CREATE INDEX round_score_round ON round_score (round);
