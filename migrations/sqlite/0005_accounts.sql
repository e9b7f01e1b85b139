-- Accounts, and what their owners carry: sessions, tokens, links. Of every secret only a
-- hash is kept.

-- Medical communities as rights name them: an identifier that stays, and the name by which
-- institutions say that they belong to one.
CREATE TABLE consortium (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX consortium_name ON consortium (name);

CREATE TABLE account (
    id TEXT NOT NULL PRIMARY KEY,
    version INTEGER NOT NULL,
    -- in small letters
    user_name TEXT NOT NULL,
    name TEXT NOT NULL,
    -- whose file is the owner's own; null: there is none
    person TEXT REFERENCES person (id),
    state TEXT NOT NULL
        CONSTRAINT account_state CHECK (state IN ('invited', 'active', 'locked', 'disabled')),
    -- argon2id in PHC form; null: not set up
    password TEXT,
    -- secret of the second factor, sealed; null: there is none
    second_factor TEXT,
    -- half minute of the code that was used last; null: none was, it is only offered
    second_factor_step INTEGER,
    -- wrong passwords and codes in a row
    failures INTEGER NOT NULL,
    last_failure INTEGER,
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX account_user_name ON account (user_name);

-- As what an account may act, and where. Rows stay when they are taken back.
CREATE TABLE capacity (
    id TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (id),
    role TEXT NOT NULL
        CONSTRAINT capacity_role CHECK (role IN ('staff', 'institution_hr', 'consortium_hr', 'reviewer', 'auditor', 'administrator')),
    authority TEXT
        CONSTRAINT capacity_authority CHECK (authority IN ('establishment', 'human_resources', 'health', 'drug_regulator')),
    tier TEXT
        CONSTRAINT capacity_tier CHECK (tier IN ('county', 'city')),
    person TEXT REFERENCES person (id),
    institution TEXT REFERENCES institution (id),
    consortium TEXT REFERENCES consortium (id),
    -- null for an auditor or administrator: everywhere
    area TEXT,
    granted_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT;
CREATE INDEX capacity_account ON capacity (account);

CREATE TABLE session (
    id TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (id),
    -- null: several, and none was chosen
    capacity TEXT REFERENCES capacity (id),
    -- 1: the second factor was shown, or is not asked for
    assured INTEGER NOT NULL
        CONSTRAINT session_assured CHECK (assured IN (0, 1)),
    -- SHA-256
    secret BLOB NOT NULL,
    -- the one before, good for some seconds more
    former_secret BLOB,
    rotated_at INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;
CREATE UNIQUE INDEX session_secret ON session (secret);
CREATE INDEX session_former_secret ON session (former_secret);
CREATE INDEX session_account ON session (account);

CREATE TABLE api_token (
    id TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (id),
    capacity TEXT NOT NULL REFERENCES capacity (id),
    name TEXT NOT NULL,
    -- kinds of actions it is for, by their keys, with commas between
    natures TEXT NOT NULL,
    assured INTEGER NOT NULL
        CONSTRAINT api_token_assured CHECK (assured IN (0, 1)),
    -- SHA-256
    hash BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER,
    last_used INTEGER
) STRICT;
CREATE UNIQUE INDEX api_token_hash ON api_token (hash);
CREATE INDEX api_token_account ON api_token (account);

-- Links with which an owner chooses a password: good once and for a while.
CREATE TABLE setup_link (
    -- SHA-256
    hash BLOB NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (id),
    purpose TEXT NOT NULL
        CONSTRAINT setup_link_purpose CHECK (purpose IN ('first_administrator', 'invitation', 'reset')),
    created_at INTEGER NOT NULL,
    -- used, or replaced by a newer one
    closed_at INTEGER
) STRICT;
CREATE INDEX setup_link_account ON setup_link (account);

-- Failed attempts to sign in that belong to no account: from one address, or with a name
-- that nobody has.
CREATE TABLE throttle (
    key TEXT NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_failure INTEGER
) STRICT;
CREATE INDEX throttle_last_failure ON throttle (last_failure);
