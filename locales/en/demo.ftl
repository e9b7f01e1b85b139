# Demo

demo-begins = Preparing the demo (its data lies in a temporary folder and goes when it ends) …
demo-invents = {"  "}inventing a county …
demo-records = {"  "}recording institutions and { $staff } people, as they were two years ago …
demo-changes = {"  "}recording what changed since …
demo-policy = {"  "}adopting a policy …
demo-accounts = {"  "}making accounts …
demo-life = {"  "}sending applications, a notice and a round on their way …
demo-ready = The demo is ready. Open { $url } in a browser.
demo-login-staff = staff: one’s own file
demo-login-institution-hr = HR of an institution (WS01)
demo-login-consortium-hr = HR of the medical community, and of an institution (choose after signing in)
demo-login-establishment = county establishment office
demo-login-human-resources = county human resources
demo-login-health = county health
demo-login-drug-regulator = county drug regulator
demo-login-city = city human resources
demo-login-auditor = auditor (everywhere, reads only)
demo-login-administrator = administrator
demo-warning = For trying out only: no second factor is asked for, and nobody in it exists. Ctrl-C ends it.
demo-reason = demonstration data
demo-merits = Assessed as competent or better in the last three years; holds surgery and visits the villages.
demo-round = Competition for a professional post
demo-round-conditions = The title for it, and assessed as competent or better in the last three years.
demo-criterion-work = Work done
demo-criterion-assessment = Assessments
demo-subsidy = Subsidy for basic public health services
