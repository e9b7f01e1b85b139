-- Competition rounds: the plan, the criteria that were published, the points given.

CREATE TABLE round (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    institution TEXT NOT NULL REFERENCES institution (id),
    state TEXT NOT NULL
        CONSTRAINT round_state CHECK (state IN (
                'draft', 'proposed', 'open', 'scoring', 'ranked', 'closed', 'cancelled')),
    title TEXT NOT NULL,
    -- length of the appointments
    term_months BIGINT NOT NULL,
    conditions TEXT NOT NULL,
    -- first and last day on which applications are taken
    opens BIGINT NOT NULL,
    closes BIGINT NOT NULL
);
CREATE INDEX round_institution ON round (institution);

CREATE TABLE round_offer (
    round TEXT NOT NULL REFERENCES round (id),
    position BIGINT NOT NULL,
    rank TEXT NOT NULL
        CONSTRAINT round_offer_rank CHECK (rank IN (
                'none', 'assistant', 'junior', 'intermediate', 'associate_senior', 'senior')),
    grade BIGINT,
    places BIGINT NOT NULL,
    PRIMARY KEY (round, position)
);

CREATE TABLE round_criterion (
    round TEXT NOT NULL REFERENCES round (id),
    position BIGINT NOT NULL,
    name TEXT NOT NULL,
    -- the most points, in hundredths
    most BIGINT NOT NULL,
    PRIMARY KEY (round, position)
);

-- One person's points for one application and criterion.
CREATE TABLE round_score (
    round TEXT NOT NULL REFERENCES round (id),
    application TEXT NOT NULL REFERENCES application (id),
    criterion BIGINT NOT NULL,
    scorer TEXT NOT NULL,
    points BIGINT NOT NULL,
    given BIGINT NOT NULL,
    PRIMARY KEY (application, criterion, scorer)
);
CREATE INDEX round_score_round ON round_score (round);
