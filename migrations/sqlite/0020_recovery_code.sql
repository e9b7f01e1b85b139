-- Codes with which somebody signs in whose telephone is lost: ten of them, shown once, each
-- good once. They are found by a keyed hash; what they read is kept nowhere.
CREATE TABLE recovery_code (
    -- keyed hash of the account and the code, hexadecimal
    hash TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (id),
    created_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;
CREATE INDEX recovery_code_account ON recovery_code (account);
