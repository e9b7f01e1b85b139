# 配置

config-problem-syntax = 不是合法的 TOML：{ $detail }
config-problem-unknown = 没有「{ $found }」这个设置
config-problem-bad-value = { $setting }不能是「{ $value }」
config-problem-bad-secret = { $setting }的写法不对
config-problem-wrong-type = 这里要写成 "…"、数字或 ["…", "…"]
config-problem-needs = 有{ $setting }就要有{ $other }
config-problem-no-more-than = { $setting }不能长于{ $other }
config-help-wanted = 应为：{ $wanted }
config-unreadable = 读不到配置文件 { $path }：{ $detail }
config-summary = 配置有 { $count } 处问题，没有启动

config-wanted-address = 地址和端口，例如 127.0.0.1:8080
config-wanted-database = sqlite://文件 或 postgres://用户:密码@主机/库名
config-wanted-number = 不小于 0 的整数
config-wanted-count = 不小于 1 的整数
config-wanted-path = 文件或文件夹的路径
config-wanted-web-url = 网址，例如 https://dinggang.example.cn
config-wanted-networks = 网段，例如 10.0.0.0/8, 192.168.1.1
config-wanted-smtp-url = 例如 smtp://用户:密码@主机:587?tls=required
config-wanted-mailbox = 邮箱，例如 定岗 <dinggang@example.cn>
config-wanted-second-factor = required（必须）或 optional（自愿）
config-wanted-span = 时长，例如 90s、30m、12h、7d
config-wanted-size = 大小，例如 500kB、32MiB
config-wanted-log-filter = off、error、warn、info、debug、trace，或如 warn,dinggang=debug
config-wanted-log-format = text 或 json

config-setting-listen = 监听地址
config-setting-database = 数据库
config-setting-database-connections = 数据库连接数
config-setting-data-dir = 数据文件夹
config-setting-backup-dir = 备份文件夹
config-setting-key-file = 密钥文件
config-setting-policies = 政策文件夹
config-setting-public-url = 对外网址
config-setting-trusted-proxies = 可信代理
config-setting-smtp-url = 邮件服务器
config-setting-mail-from = 发件人
config-setting-mail-dir = 邮件文件夹
config-setting-second-factor = 第二因素
config-setting-session-idle = 会话闲置时限
config-setting-session-lifetime = 会话最长时限
config-setting-upload-limit = 上传大小上限
config-setting-requests-per-minute = 每地址每分钟请求数（0 = 不限）
config-setting-shutdown-grace = 停机等待
config-setting-log = 日志级别
config-setting-log-format = 日志格式

config-origin-command-line = 命令行
config-origin-variable = 环境变量 { $name }
config-origin-default = 默认
config-origin-unset = （未设）
config-head-setting = 设置
config-head-value = 值
config-head-origin = 来自
