# Accounts from the command line

user-head-user-name = user name
user-head-name = name
user-head-state = state
user-head-second-factor = second factor
user-head-capacities = acts as
user-second-factor-active = yes
user-second-factor-none = no
user-everywhere = everywhere
user-link = Hand this link to { $name }, who chooses the password with it; it is shown this once and good once:
user-done = { $name }: done, the account is { $state } now
user-unknown = there is no account with the user name “{ $name }”
user-no-capacity = { $name } has no number { $number }; see dinggang user list
user-bad-role = there is no such role
user-needs = { $role } needs { $argument }
user-does-not-take = { $role } does not take { $argument }
user-bad-area = “{ $code }” is no area code (2, 4, 6, 9 or 12 digits)
user-no-institution = there is no institution with the code “{ $code }”
user-no-person = there is nobody with that identity number
user-not-theirs = a person's own file goes with the account of that person only
user-ask-number = Identity number:{" "}

keys-made = The file of keys { $path } was made. Identity and telephone numbers are encrypted with it, and lost without it: keep a copy apart from the backups
keys-missing = there is no file of keys { $path }; the database was written with the keys { $database }, and without them no identity or telephone number can be read
keys-others = { $path } holds the keys { $file }, but the database was written with the keys { $database }
office-broken-policies = policy files have mistakes, see above
