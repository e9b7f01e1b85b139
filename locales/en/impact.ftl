# What another set of policies changes

impact-from = before: { $policies }
impact-to = after: { $policies }
impact-before = before:
impact-after = after:
impact-nothing = no such rule, or it does not apply
impact-places = { $level }: limit { $limit }, free { $vacant }, over { $over }
impact-ledger = ledger: { $from } → { $to }
impact-retirement = statutory retirement: { $from } → { $to }
impact-summary = Changed: { $areas } areas, { $institutions } institutions, { $people } people, { $doctors } rural doctors.
