# Words of findings, refusals and warnings

fault-missing = { $column } is required
fault-missing-column = the column “{ $column }” is missing; nothing of this sheet was read
fault-missing-sheet = the sheet “{ $sheet }” is missing
fault-unknown-value = { $column } “{ $value }” is none of: { $choices }
fault-unknown-place = { $column } “{ $value }” should have { $lengths } digits
fault-header-again = this row is the header again; please delete it
fault-bad-month = { $column } “{ $value }” is not a month; write it like 1998-07
fault-ambiguous-month = { $column } “{ $value }” may be January or October; make the cell text and write 1998-01 or 1998-10
fault-bad-number = { $column } “{ $value }” is not a whole number of 0 or more
fault-above-other = { $column } “{ $value }” is more than { $other } { $number }
fault-id-checksum = the check digit of “{ $value }” is wrong; an 18-character identity number is expected
fault-id-as-number = the identity number was stored as a number and lost its last digits; make the column text and enter it again
fault-id-birth-date = the birth date in “{ $value }” does not exist or lies after the date of the check
fault-unknown-institution = institution code “{ $value }” does not stand in the sheet 机构
fault-end-before-start = the end “{ $value }” lies before the start { $start }
fault-duplicate = { $column } “{ $value }” repeats { $first }

warning-unknown-column = the column “{ $column }” is not known and was not read
warning-refused-institution = the row of institution “{ $value }” was refused; this row is not evaluated
warning-no-such-person = this identity number stands in no row of 人员; the row was not used
warning-partial-history = some spells of this person were refused; service is counted from the rest
warning-level-missing = a grade but no level of appointment; counted as not appointed
warning-grade-level-mismatch = grade { $value } does not belong to the level of appointment (1–4 full senior, 5–7 associate senior, 8–10 intermediate, 11–13 junior)
warning-post-without-title = the level of appointment “{ $value }” is above the title held
warning-past-retirement = past the statutory retirement month { $value }
warning-directed-below-senior = a directed title of rank “{ $value }”, below associate senior

file-not-a-workbook = not an Excel or ODS workbook
file-empty = the file is empty
file-damaged = the file is damaged or cut off; please open it, save it again and retry
file-password = the file has a password; please remove it and try again
file-too-large = the file is too large, or unpacks to too much, and was not read
file-wrong-sheets = no sheet that can be read; there are: { $found }; expected: { $expected }
file-unreadable = cannot open the file: { $detail }

verdict-holds = holds
verdict-fails = fails
verdict-unknown = unknown
verdict-judgement = to be judged

force-must = must
force-may = may
force-in-principle = in principle
force-target = target

status-draft = draft
status-in-force = in force
status-expired = expired
status-repealed = repealed
status-unverified = text not verified

subject-senior = senior
subject-intermediate = intermediate
subject-junior = junior
subject-directed = directed

rounding-down = rounded down
rounding-up = rounded up
rounding-nearest = rounded to the nearest

finding-compared = { $title }: { $figures }, { $verdict }
finding-unknown = { $title }: not given: { $missing }; cannot be judged
finding-judgement = { $title }: counted { $counted }; { $question }

figures-share = has { $counted }, at most { $base } × { $share } = { $exact } → { $limit } ({ $rounding })
figures-parts = has { $counted }, at most ({ $part } × { $share } + { $rest } × { $rest-share }) = { $exact } → { $limit } ({ $rounding })
figures-percent = { $counted } ÷ { $base } = { $percent }, should be { $bound } { $share }
figures-none-allowed = has { $counted }, none may be set here
figures-approved = has { $counted }, approved { $approved }
figures-needed = has { $counted }, needs { $needed }
figures-months = last { $counted } months ago, due every { $every } months
figures-range = has { $counted }, should be between { $low } and { $high }
figures-at-most-number = has { $counted }, should be at most { $high }
figures-at-least-number = has { $counted }, should be at least { $low }
figures-conditions = { $verdict }
bound-at-least = at least
bound-at-most = at most
bound-between = between

missing-set-by-place = the share that the place sets
missing-nearer-place = a place code nearer than the county

list-separator = {", "}

months = { $months ->
    [one] 1 month
   *[other] { $months } months
}
months-and-years = { $months } months ({ $years } y { $rest } m)

table-as-of = As of { $month }, under:
caveat-unread = a file or a sheet was not read: the figures below count only what was, and cannot be relied on
caveat-refused = { $rows ->
    [one] one row was refused and is not in the figures below
   *[other] { $rows } rows were refused and are not in the figures below
}
table-ledger-note = By level: counted/limit; +n free, ▲n over, – not known. Counted includes those above the ratio (they are never “over”), and leaves out those off quota, on directed or on special posts.
table-more = … { $count } more lines, see --format json or xlsx
table-fails-must = Fails (must): { $count }
table-fails-other = Not reached (in principle, target): { $count }
table-unknown = Unknown: { $count }
table-judgement = To be judged: { $count }
table-refused = Refused: { $count }
table-warnings = Warnings: { $count }
table-summary = Institutions: { $institutions }, people: { $people }; { $broken } fail (must), { $other } not reached, { $unknown } unknown, { $judgement } to be judged; { $refused } refused.
column-code = code
column-name = institution
column-professional-posts = posts
column-off-quota = off quota
column-beyond-ratio = above ratio
column-subject = subject
column-finding = finding
column-clause = clause

cli-no-national = { $folder } lacks { $ids }, which always applies: copy its folder, and that of the facts, from the policies of the program
cli-no-policy = there is no policy “{ $id }”, see dinggang policy list.
cli-xlsx-needs-out = --format xlsx needs --out PATH
cli-reading = rows read
cli-evaluating = evaluating
cli-errors-written = wrote { $path } with the reasons for { $rows } rows
cli-errors-plain = the file is not xlsx, or written in an unusual way: its contents were written, not its formats
file-empty-file = the file is empty
file-other-format = this format is not read; please save the file as xlsx
file-too-many-faults = more than { $limit } rows are faulty; this is most likely another kind of sheet

standing-holds = met
standing-fails = not met
standing-unknown = unknown
standing-judgement = to be judged
months-years = { $months } months ({ $years } y)
finding-subject = { $title }, { $subject }
finding-and-due = { $sentence }; due now, the review should be arranged
condition-and = {"; "}
years = { $years ->
    [one] 1 year
   *[other] { $years } years
}
policy-line = { $id }  { $title } ({ $marks })
table-refused-file = ✗ { $file }: { $message }
table-more-same = … { $count } more: { $what }; see --format json or xlsx
table-not-evaluated = { $count ->
    [one] One more rule was not judged because the workbook lacks its facts; see the sheet About of --format xlsx, or not_evaluated in JSON
   *[other] { $count } more rules were not judged because the workbook lacks their facts; see the sheet About of --format xlsx, or not_evaluated in JSON
}
cli-near = { $sentence } { $near }
cli-setting-form = “{ $setting }” should read POLICY#RULE=SHARE, for example national/county-community-pilot#senior-raised=22%.
cli-setting-no-policy = the policy “{ $policy }” in “{ $setting }” is not loaded; name it with --policy.
cli-setting-no-rule = the policy { $policy } has no rule “{ $rule }”.
cli-setting-fixed = the rule { $rule } leaves no share to each place; --set cannot set it.
cli-setting-bad-share = “{ $share }” in “{ $setting }” is not a share; for example 18%, 0.3‰, 2/10000.
os-not-found = no such file or folder
os-permission-denied = permission denied
os-is-a-directory = this is a folder, not a file
os-not-a-directory = this is not a folder
os-already-exists = it exists already
error-link = {": "}
quoted = “{ $text }”
