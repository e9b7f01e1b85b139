# Problems of policy files, and the words of the policy commands

policy-problem-syntax = not valid TOML: { $detail }
policy-problem-wrong-type = wrong type; { $wanted } is wanted here
policy-problem-unknown-key = there is no key “{ $found }”
policy-problem-missing-key = “{ $key }” is missing
policy-problem-unknown-name = there is no { $what } named “{ $found }”
policy-problem-repeated = the { $what } “{ $found }” stands twice
policy-problem-unknown-word = “{ $found }” is none of the choices
policy-problem-bad-condition = “{ $found }” does not read as “fact operator value”
policy-problem-wrong-operator = “{ $fact }” has no operator { $operator }
policy-problem-bad-share = “{ $found }” is not a share
policy-problem-bad-duration = “{ $found }” is not a length of time
policy-problem-bad-date = “{ $found }” is not a date
policy-problem-bad-number = “{ $found }” is not a number that makes sense here
policy-problem-needs = “{ $key }” has to name: { $wants }
policy-problem-wrong-fact = the fact “{ $found }” is of the wrong type; { $wanted } is wanted here
policy-problem-conflict = rule { $rule } and { $other } give different numbers for the same thing, and neither overrides the other
policy-problem-not-hit = no case of rule { $rule } comes to “{ $outcome }”
policy-problem-case-fails = the case “{ $case }” comes out differently: expected { $expected }, got { $got }
policy-problem-quote-not-found = the quotation “{ $clause }” does not stand in { $source }
policy-problem-source-not-found = { $name } (SHA-256 { $sha256 }) is not among the sources
policy-problem-no-citation = rule { $rule } cites nothing
policy-problem-no-reason = the coverage row { $row } names neither rules nor a reason
policy-problem-unreadable = no policy file can be read at { $path }

policy-help-nearest = did you mean “{ $nearest }”?
policy-help-choices = choices: { $choices }
policy-help-condition = for example: 机构类型 in 乡镇卫生院, 社区卫生服务中心; 基层累计工作年限 >= 20年
policy-help-share = for example: 18%, 0.3‰, 2/10000
policy-help-duration = for example: 20年, 60岁, 240个月
policy-help-date = for example: 2014-07-01, 2020-06
policy-help-conflict = one of them should say overrides = "policy#rule", or they should differ in institutions, places or dates
policy-help-not-hit = add a case with that outcome to cases.toml
policy-help-no-citation = write cites = ["name of a clause"]
policy-help-no-reason = give rules where it is encoded, a reason otherwise
policy-label-other = the other place

policy-name-fact = fact
policy-name-clause = clause
policy-name-rule = rule
policy-name-policy = policy
policy-name-subject = subject
policy-name-coverage-row = coverage row
policy-name-entity = entity
policy-name-case = case
policy-name-place = place

policy-outcome-holds = holds
policy-outcome-fails = fails
policy-outcome-judgement = judgement
policy-outcome-gives = gives something
policy-outcome-gives-nothing-more = some row does not apply
policy-outcome-delayed = delayed
policy-outcome-not-delayed = not delayed
policy-outcome-first = first
policy-outcome-not-first = not first
policy-outcome-split = split

policy-national = whole country
policy-list-line = place: { $place }; from { $from } to { $to }; rules: { $rules }
policy-source = document: { $source }
policy-no-source = no file of the document
policy-no-source-short = no file
policy-not-verified = not verified
policy-overrides = replaces { $rule }
policy-coverage = Coverage
policy-where = where: { $conditions }
policy-who = who: { $conditions }
policy-when = when: { $conditions }
policy-holder = already appointed so: { $conditions }
policy-candidate = could be appointed so: { $conditions }
policy-first = first: { $conditions }
policy-by = by { $date }
policy-every = every { $months } months since “{ $since }”
policy-schedule = { $class }: originally { $age }; 1 month later for every { $every } months of birth from { $from }, at most { $most } months
policy-check-broken = problems in policy files: { $count }
policy-column-policy = policy
policy-column-rules = rules
policy-column-cases = cases
policy-column-encoded = encoded
policy-column-judgement = judgement
policy-column-not-encoded = not encoded
policy-column-quotes = quotes verified
policy-column-status = status
coverage-encoded = encoded
coverage-judgement = judgement
coverage-not-encoded = not encoded
