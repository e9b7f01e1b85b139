# Mails

mail-more = Show in the system (sign in needed)
mail-change = Change how you are reminded
mail-greeting = Dear { $name },
mail-subject-one = Dinggang: { $title }
mail-subject-digest = Dinggang: { $count } reminders
mail-instead = These reminders were for { $name }, who is away; you stand in.
mail-why = Because of: { $because }
mail-cited = “{ $policy }”, { $clause }
mail-cited-notes = { $cited } ({ $notes })
mail-reading = as this system reads the text
mail-closing = This mail was sent by Dinggang; please do not answer it. Links need you to sign in.
mail-required-all = What is told here has to be sent and cannot be switched off.
mail-required = Some of these reminders have to be sent and cannot be switched off.
mail-test-subject = Test mail of Dinggang
mail-test-opening = Since you read this, the mail settings work.
mail-test-title = Test
mail-test-line = Sent by { $host }.
mail-test-sent = handed to { $where } for { $to }
mail-test-failed = not sent: { $detail }
mail-samples-written = Written to { $where }: { $count } sample mails.
mail-test-folder = no mail server is set: written to { $where }; { $to } does not get it
mail-bad-address = “{ $address }” is no mail address
mail-bad-roots = the root certificates { $path } of the mail server cannot be read: { $detail }
mail-bad-server = the mail server cannot be used: { $detail }
