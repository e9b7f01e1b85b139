records-migrated = the database is up to date
records-not-current = the tables are not those of this version; run dinggang migrate first
records-verified = the chain is whole: { $sealed } events sealed, { $unsealed } not yet, the details of { $erased } erased
records-tampered = somebody tampered with the chain at number { $at }: { $kind }
records-bad-head = “{ $head }” is no head; it should read like 17:9f86d0…
records-no-key-file = there is no key file { $path }
records-rotated = key { $key } is in use; { $count } secrets were sealed anew
