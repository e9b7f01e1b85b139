# Mistakes of usage

clap-error = wrong usage: { $sentence }
clap-unknown-argument = there is no option “{ $argument }”
clap-unknown-command = there is no command “{ $name }”
clap-missing = { $argument } is missing
clap-missing-command = a command is missing
clap-value-missing = { $argument } has no value
clap-bad-value = { $argument } cannot be “{ $value }”
clap-bad-date = { $argument } cannot be “{ $value }”; write YYYY-MM-DD, for example 2026-11-22
clap-conflict = { $argument } cannot be used with { $other }
clap-repeated = { $argument } may be given once only
clap-number-of-values = { $argument } has another number of values
clap-choices = choices: { $choices }
clap-near = did you mean “{ $near }”?
clap-usage = Usage: { $usage }
clap-more = See --help.
clap-word-options = OPTIONS
clap-word-command = COMMAND
clap-help-choices = choices: { $choices }
clap-help-default = default: { $default }
clap-help-env = environment: { $env }
clap-help-more = { $help } ({ $more })
