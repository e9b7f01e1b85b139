# Why something is not done

refusal-user-name-taken = somebody else has this user name
refusal-bad-user-name = a user name has 2 to 64 letters, digits, Chinese characters or . _ - @
refusal-password-too-short = a password has at least { $minimum } characters
refusal-password-too-long = a password has at most { $maximum } characters
refusal-password-too-plain = a password needs { $minimum } of small letters, capitals, digits and other characters, or at least { $length } characters
refusal-password-too-common = this password is too common, or its characters repeat or follow each other
refusal-password-has-name = a password must not contain the user name or the name
refusal-password-unchanged = the new password is the old one
refusal-sign-in-failed = the user name, the password or the code is wrong
refusal-too-many-attempts = too many attempts; try again after { $until }
refusal-account-locked = the account is locked; ask an administrator
refusal-account-disabled = the account is disabled
refusal-account-not-set-up = the account is not set up yet; choose a password through the link you were given
refusal-account-state = the account is { $state }; this cannot be done now
refusal-session-over = the session has ended; sign in again
refusal-token-over = the token can no longer be used
refusal-token-too-long = a token lasts 1 to { $maximum } days
refusal-token-for-nothing = a token has to be for something
refusal-link-over = the link was used or has run out; ask for a new one
refusal-code-wrong = the code is wrong, or was used before
refusal-no-second-factor = there is no second factor
refusal-second-factor-there = there is a second factor already

denied-not-found = not found
denied-office = { $office } does not have the right: { $action }
denied-second-factor = this needs the second factor: set it up and sign in with a code
denied-token = this token is not for: { $nature }
denied-own-case = nobody handles their own case
denied-own-preparation = nobody decides on what they prepared or recommended
denied-own-account = administrators do not manage their own account; another one does
