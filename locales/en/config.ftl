# Configuration

config-problem-syntax = not valid TOML: { $detail }
config-problem-unknown = there is no setting “{ $found }”
config-problem-bad-value = { $setting } cannot be “{ $value }”
config-problem-bad-secret = { $setting } is not written right
config-problem-wrong-type = "…", a number or ["…", "…"] is wanted here
config-problem-needs = { $setting } needs { $other } too
config-problem-no-more-than = { $setting } may be no longer than { $other }
config-help-wanted = wanted: { $wanted }
config-unreadable = the configuration { $path } cannot be read: { $detail }
config-summary = problems in the configuration: { $count }; nothing was started

config-wanted-address = an address with a port, such as 127.0.0.1:8080
config-wanted-database = sqlite://FILE or postgres://USER:PASSWORD@HOST/NAME
config-wanted-number = a whole number from 0
config-wanted-count = a whole number from 1
config-wanted-path = the path of a file or a folder
config-wanted-web-url = a web address, such as https://dinggang.example.cn
config-wanted-networks = networks, such as 10.0.0.0/8, 192.168.1.1
config-wanted-smtp-url = for example smtp://USER:PASSWORD@HOST:587?tls=required
config-wanted-mailbox = a mailbox, such as Dinggang <dinggang@example.cn>
config-wanted-second-factor = required or optional
config-wanted-span = a length of time, such as 90s, 30m, 12h, 7d
config-wanted-size = a size, such as 500kB, 32MiB
config-wanted-log-filter = off, error, warn, info, debug, trace, or such as warn,dinggang=debug
config-wanted-log-format = text or json

config-setting-listen = the address to listen on
config-setting-database = the database
config-setting-database-connections = the number of database connections
config-setting-data-dir = the data folder
config-setting-backup-dir = the backup folder
config-setting-key-file = the file of keys
config-setting-policies = the folder of policies
config-setting-public-url = the public address
config-setting-trusted-proxies = the trusted proxies
config-setting-smtp-url = the mail server
config-setting-mail-from = the sender of mails
config-setting-mail-dir = the mail folder
config-setting-second-factor = the second factor
config-setting-session-idle = the idle time of sessions
config-setting-session-lifetime = the lifetime of sessions
config-setting-upload-limit = the upload limit
config-setting-requests-per-minute = requests of one address in a minute (0 = not limited)
config-setting-shutdown-grace = the grace at shutdown
config-setting-log = the log filter
config-setting-log-format = the log format

config-origin-command-line = command line
config-origin-variable = variable { $name }
config-origin-default = default
config-origin-unset = (not set)
config-head-setting = setting
config-head-value = value
config-head-origin = from
