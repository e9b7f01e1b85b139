-- Reminders: what people are told before a date, how they want to be told, and when the
-- program looks.

-- One row for each reminder and each account that gets it. The key says what it is about,
-- so that the same is told once, whoever looks again.
CREATE TABLE reminder (
    id TEXT NOT NULL PRIMARY KEY,
    key TEXT NOT NULL,
    kind TEXT NOT NULL,
    account TEXT NOT NULL REFERENCES account (id),
    -- whom and where it is about, for lists by scope
    person TEXT REFERENCES person (id),
    institution TEXT REFERENCES institution (id),
    area TEXT,
    -- the day it is about
    about BIGINT NOT NULL,
    -- JSON: what it says, and where it comes from
    body TEXT NOT NULL,
    raised_at BIGINT NOT NULL,
    bundle TEXT NOT NULL
        CONSTRAINT reminder_bundle CHECK (bundle IN ('off', 'at_once', 'daily', 'weekly')),
    -- the message that carried it; null: it waits for a digest, or nobody wants it
    message TEXT,
    -- the account that was away, in whose place this one is told
    instead_of TEXT
);
CREATE UNIQUE INDEX reminder_key ON reminder (key);
CREATE INDEX reminder_waiting ON reminder (bundle, account) WHERE message IS NULL;
CREATE INDEX reminder_message ON reminder (message);
CREATE INDEX reminder_account ON reminder (account);
CREATE INDEX reminder_institution ON reminder (institution);

-- Up to when something was looked through for reminders: an institution, or the area of a
-- place. Written with the reminders, so that a look that was cut short is taken up again.
CREATE TABLE reminder_mark (
    subject TEXT NOT NULL PRIMARY KEY,
    looked_on BIGINT NOT NULL,
    looked_at BIGINT NOT NULL
);

-- How somebody wants to be told.
CREATE TABLE preference (
    account TEXT NOT NULL PRIMARY KEY REFERENCES account (id),
    -- null: the address in the own file
    mail TEXT,
    language TEXT NOT NULL
        CONSTRAINT preference_language CHECK (language IN ('zh-CN', 'en')),
    -- 1: nothing on days off
    quiet BIGINT NOT NULL
        CONSTRAINT preference_quiet CHECK (quiet IN (0, 1)),
    -- who is told in place of somebody away
    delegate TEXT REFERENCES account (id),
    away_from BIGINT,
    away_until BIGINT,
    changed_at BIGINT NOT NULL
);

-- The same for one kind.
CREATE TABLE preference_kind (
    account TEXT NOT NULL REFERENCES account (id),
    kind TEXT NOT NULL,
    bundle TEXT NOT NULL
        CONSTRAINT preference_kind_bundle CHECK (bundle IN ('off', 'at_once', 'daily', 'weekly')),
    PRIMARY KEY (account, kind)
);

-- When the program does what by itself.
CREATE TABLE schedule (
    name TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    cron TEXT NOT NULL,
    zone TEXT NOT NULL,
    paused BIGINT NOT NULL
        CONSTRAINT schedule_paused CHECK (paused IN (0, 1)),
    -- null: not reckoned yet, or paused
    next_at BIGINT,
    last_at BIGINT,
    -- how many things the last run did
    last_done BIGINT,
    last_fault TEXT,
    claimed_by TEXT,
    claimed_until BIGINT
);

-- Calendars that programs fetch with a secret address. Of the secret only a hash is kept.
CREATE TABLE feed (
    id TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (id),
    -- whose calendar: in which capacity the account sees it
    capacity TEXT NOT NULL REFERENCES capacity (id),
    name TEXT NOT NULL,
    -- SHA-256
    hash BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT,
    last_used BIGINT
);
CREATE UNIQUE INDEX feed_hash ON feed (hash);
CREATE INDEX feed_account ON feed (account);

-- Robots of group chats that are told what concerns an institution or an area.
CREATE TABLE webhook (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    style TEXT NOT NULL
        CONSTRAINT webhook_style CHECK (style IN ('dingtalk', 'wecom')),
    -- sealed: whoever has the address can write to the group
    url TEXT NOT NULL,
    -- sealed; null: the robot takes no signature
    secret TEXT,
    institution TEXT REFERENCES institution (id),
    area TEXT,
    created_at BIGINT NOT NULL,
    removed_at BIGINT
);

-- of one recipient the oldest message goes first
CREATE INDEX outbox_recipient ON outbox (recipient, created_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX outbox_created ON outbox (created_at, id);
