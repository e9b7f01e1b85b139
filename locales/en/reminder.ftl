# Reminders: title and text of each kind

reminder-off-quota-begins = About to stand off quota
reminder-off-quota-begins-text = { $name } ({ $institution }, { $level } post) stands off quota from { $month } on.
reminder-off-quota-ends = About to count again
reminder-off-quota-ends-text = { $name } ({ $institution }, { $level } post) counts against the quota again from { $month } on.
reminder-service-reached = Years of service about to be reached
reminder-service-reached-text = “{ $clock }” of { $name } ({ $institution }) reaches { $span } in { $month }.
reminder-retirement = Statutory retirement
reminder-retirement-text = { $name } ({ $institution }) reaches the statutory month of retirement in { $month }. { $frees ->
    [none] No post within the structure is freed.
   *[other] One { $frees } post is freed then.
}
reminder-early-retirement = Early retirement possible
reminder-early-retirement-text = { $name } ({ $institution }) may retire from { $from } on (statutory: { $to }), and has to tell the institution in writing at least 3 months before.
reminder-late-retirement = Later retirement has to be agreed in writing
reminder-late-retirement-text = The statutory month of { $name } ({ $institution }) is { $from }; a later one (at most { $to }) has to be agreed in writing 1 month before.
reminder-vacancy-opened = A vacancy opened
reminder-vacancy-opened-text = { $institution }: { $level } posts that are free rose from { $before } to { $vacant }.
reminder-vacancy-unplanned = Vacancies without a recruitment plan
reminder-vacancy-unplanned-text = { $institution } has { $vacant } free places of its establishment and no recruitment plan under way.
reminder-rule-broken = A rule is broken
reminder-rule-broken-text = { $institution }: { $title }. { $message }
reminder-rule-healed = A rule is kept again
reminder-rule-healed-text = { $institution }: { $title }. { $message }
reminder-establishment-review = Review of the establishment due
reminder-establishment-review-text = The establishment of { $institution } is to be reviewed in { $month }.
reminder-application-waiting = An application waits
reminder-application-waiting-text = The application of { $name } ({ $institution }) waits since { $since }.
reminder-application-overdue = An application is overdue
reminder-application-overdue-text = The application of { $name } ({ $institution }) waits since { $since }; please see that it is dealt with.
reminder-application-returned = An application was returned
reminder-application-returned-text = The application of { $name } ({ $institution }) was returned; please complete it and submit it again.
reminder-application-decided = An application was decided
reminder-application-decided-text = The application of { $name } ({ $institution }): { $state }.
reminder-notice-ends = A public notice ends
reminder-notice-ends-text = The public notice about { $name } ({ $institution }) ends on { $about }.
reminder-appointment-ends = An appointment ends
reminder-appointment-ends-text = The appointment of { $name } ({ $institution }) ends on { $about }.
reminder-contract-ends = A contract of employment ends
reminder-contract-ends-text = The contract of employment of { $name } ({ $institution }) ends on { $about }; please renew it or see to its end.
reminder-licence-expires = A licence expires
reminder-licence-expires-text = The licence of { $name } ({ $institution }; { $licence }) expires on { $about }{ $reckoned ->
    [yes] {" "}(no end is recorded; reckoned as 5 years)
   *[no] {""}
}.
reminder-physician-assessment = A physician's assessment is due
reminder-physician-assessment-text = The next periodic assessment of { $name } ({ $institution }) as a physician is due by { $about } (the last one was on { $since }{ $reckoned ->
    [yes] ; reckoned as three years
   *[no] {""}
}).
reminder-registration-expires = A rural doctor's registration expires
reminder-registration-expires-text = The registration of the rural doctor { $name } expires on { $about }{ $reckoned ->
    [yes] {" "}(no end is recorded; reckoned as 5 years)
   *[no] {""}
}.
reminder-directed-scope = A directed title is about to lose its scope
reminder-directed-scope-text = { $name } ({ $institution }) asks for a transfer; the directed title holds within { $scope } only and is lost elsewhere.
reminder-condition-owed = Conditions owed before a round
reminder-condition-owed-text = “{ $round }” takes applications from { $opens } on; { $name } ({ $institution }) still owes a condition.
reminder-training-owed = Training owed before a round
reminder-training-owed-text = “{ $round }” takes applications from { $opens } on and asks for { $training ->
    [residency] residency training
    [transfer] transfer training
    [post] training on the post
    [assistant_gp] assistant GP training
    [essential_medicines] training in essential medicines
    [capacity] capacity training
   *[continuing] continuing education
}{ $hours ->
    [none] ; none is recorded as finished of { $name } ({ $institution })
   *[other] {" "}of { $hours } hours; { $done } are recorded of { $name } ({ $institution })
}. Nothing else is known to be missing.
reminder-doctor-sixty = A rural doctor turns 60
reminder-doctor-sixty-text = The rural doctor { $name } turns 60 in { $month } and { $scheme ->
    [none] has joined no pension scheme.
   *[unknown] nothing is recorded of a pension scheme.
}
reminder-doctor-back-paid = A rural doctor's back-payment was made
reminder-doctor-back-paid-text = The back-payment of the rural doctor { $name } was made in { $month }; the benefit begins in { $benefit }.
reminder-doctor-pension-changed = A rural doctor's pension scheme changed
reminder-doctor-pension-changed-text = The pension scheme of the rural doctor { $name } changed from { $before } to { $scheme }.
reminder-subsidy-unpaid = A rural doctor's subsidy is unpaid
reminder-subsidy-unpaid-text = “{ $subsidy }” of { $month } was not paid in full to the rural doctor { $name }.
reminder-assignment-ends = An assignment ends
reminder-assignment-ends-text = The assignment ({ $assignment }) of { $name } ({ $institution }) ends on { $about }.
reminder-leader-term-ends = A leader's term ends
reminder-leader-term-ends-text = The term of { $name } ({ $institution }) as { $role } ends on { $about }.
reminder-policy-adopted = A policy was adopted
reminder-policy-adopted-text = { $place } adopted “{ $policy }” from { $about } on; what it changes is shown in the system.
reminder-policy-ends = A policy ends
reminder-policy-ends-text = “{ $policy }” no longer applies in { $place } from { $about } on; what that changes is shown in the system.

feed-title = { $title }: { $whom }
feed-name = Dinggang: { $name }

refusal-host-not-allowed = the host is not among those that robots may have (setting webhook_hosts)
refusal-bad-cron = the time of the schedule cannot be read, or never comes: { $why }
refusal-no-such-zone = there is no time zone “{ $zone }”
refusal-bad-mail = no mail address
refusal-kind-required = “{ $kind }” has to be told and cannot be switched off
refusal-no-such-delegate = whoever stands in is not there, or does not act as the same
refusal-absence-unfit = an absence needs somebody who stands in, and must not end before it begins
