# 用法错误

clap-error = 用法不对：{ $sentence }
clap-unknown-argument = 没有选项「{ $argument }」
clap-unknown-command = 没有命令「{ $name }」
clap-missing = 缺少 { $argument }
clap-missing-command = 缺少要执行的命令
clap-value-missing = { $argument } 后面没有写值
clap-bad-value = { $argument } 不能取「{ $value }」
clap-bad-date = { $argument } 不能取「{ $value }」，应写成 YYYY-MM-DD，例如 2026-11-22
clap-conflict = { $argument } 与 { $other } 不能同时用
clap-repeated = { $argument } 只能写一次
clap-number-of-values = { $argument } 的值的个数不对
clap-choices = 可选：{ $choices }
clap-near = 是不是想写「{ $near }」？
clap-usage = 用法：{ $usage }
clap-more = 详见 --help。
clap-word-options = 选项
clap-word-command = 命令
clap-help-choices = 可选：{ $choices }
clap-help-default = 默认：{ $default }
clap-help-env = 环境变量：{ $env }
clap-help-more = { $help }（{ $more }）
