-- What people ask to be corrected in their files, and what the house made of it. The
-- correction itself is a change of the records like any other.
CREATE TABLE correction_request (
    id TEXT NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    person TEXT NOT NULL REFERENCES person (id),
    -- whoever asked
    account TEXT NOT NULL REFERENCES account (id),
    requested_at INTEGER NOT NULL,
    -- which entry of the file
    entry TEXT NOT NULL,
    -- what it should say
    wanted TEXT NOT NULL,
    grounds TEXT NOT NULL,
    state TEXT NOT NULL
        CONSTRAINT correction_request_state CHECK (state IN (
            'open', 'corrected', 'declined'
        )),
    decided_at INTEGER,
    -- the office that decided, and its account
    decided_by TEXT REFERENCES account (id),
    answer TEXT
) STRICT;
CREATE INDEX correction_request_person ON correction_request (person);
CREATE INDEX correction_request_state_id ON correction_request (state, id);

-- Whose personal data was erased. What stays of them counts and names nobody.
CREATE TABLE erasure (
    -- person or rural_doctor, and its key
    noun TEXT NOT NULL,
    subject TEXT NOT NULL,
    erased_at INTEGER NOT NULL,
    erased_by TEXT NOT NULL REFERENCES change (id),
    PRIMARY KEY (noun, subject)
) STRICT;
