# 不予办理的原因

refusal-user-name-taken = 该用户名已被使用
refusal-bad-user-name = 用户名须为 2 至 64 个汉字、小写字母、数字或 . _ - @
refusal-password-too-short = 密码至少 { $minimum } 个字符
refusal-password-too-long = 密码至多 { $maximum } 个字符
refusal-password-too-plain = 密码须含大写字母、小写字母、数字、其他字符中的 { $minimum } 种，或者至少 { $length } 个字符
refusal-password-too-common = 这个密码太常见，或者字符连续、重复，容易被猜中
refusal-password-has-name = 密码中不能有用户名或姓名
refusal-password-unchanged = 新密码与原密码相同
refusal-sign-in-failed = 用户名、密码或验证码不对
refusal-too-many-attempts = 尝试次数过多，请在 { $until } 以后再试
refusal-account-locked = 账号已锁定，请联系管理员
refusal-account-disabled = 账号已停用
refusal-account-not-set-up = 账号尚未启用，请用收到的链接设置密码
refusal-account-state = 账号现在是「{ $state }」，不能这样操作
refusal-session-over = 会话已结束，请重新登录
refusal-token-over = 令牌已失效
refusal-token-too-long = 令牌的有效期为 1 至 { $maximum } 天
refusal-token-for-nothing = 令牌至少要有一种用途
refusal-link-over = 链接已用过或已过期，请索取新的链接
refusal-code-wrong = 验证码不对，或者已经用过
refusal-no-second-factor = 还没有第二因素
refusal-second-factor-there = 已有第二因素

denied-not-found = 没有找到
denied-office = { $office }没有「{ $action }」的权限
denied-second-factor = 此操作需要第二因素，请先设置并用验证码登录
denied-token = 此令牌没有「{ $nature }」的用途
denied-own-case = 不能处理本人的事项
denied-own-preparation = 不能审批自己经办或推荐的事项
denied-own-account = 不能管理自己的账号，请由另一位管理员操作
