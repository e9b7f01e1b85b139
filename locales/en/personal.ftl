# Personal data: purpose, keeping, erasing

personal-purpose-identity = to know who it is
personal-purpose-contact = to reach the person
personal-purpose-posts = to count establishment, posts and quotas
personal-purpose-career = grounds of qualification, appointment and service
personal-purpose-welfare = pension, medical insurance and subsidies
personal-purpose-signing-in = to sign in safely
personal-purpose-accountability = who did what, and when
personal-purpose-requests = to deal with what the person asked for
personal-purpose-messages = to send reminders
personal-keeping-employment = while employed, and the years that files have to be kept after that
personal-keeping-account = as long as the account
personal-keeping-days = some days, then forgotten
personal-keeping-trail = with the audit trail; details can be erased and the chain holds
personal-keeping-always = always: who decided has to be known
personal-fate-kept = kept (it names nobody any more)
personal-fate-cleared = cleared
personal-fate-blanked = replaced by ***
personal-fate-replaced = replaced by a number that nobody has
personal-fate-dropped = deleted with its row
personal-request-open = open
personal-request-corrected = corrected
personal-request-declined = declined
