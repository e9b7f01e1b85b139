# 命令行的账号管理

user-head-user-name = 用户名
user-head-name = 姓名
user-head-state = 状态
user-head-second-factor = 第二因素
user-head-capacities = 身份
user-second-factor-active = 有
user-second-factor-none = 无
user-everywhere = 全部
user-link = 请把下面的链接交给 { $name } 本人，由其自行设置密码；链接只显示这一次，用过即失效：
user-done = { $name }：已办理，现在是「{ $state }」
user-unknown = 没有用户名为“{ $name }”的账号
user-no-capacity = { $name } 没有第 { $number } 个身份；见 dinggang user list
user-bad-role = 没有这种角色
user-needs = 「{ $role }」须给出 { $argument }
user-does-not-take = 「{ $role }」不用 { $argument }
user-bad-area = “{ $code }”不是行政区划代码（2、4、6、9 或 12 位数字）
user-no-institution = 没有编码为“{ $code }”的机构
user-no-person = 没有这个证件号码的人员
user-not-theirs = 本人档案只能授予本人的账号
user-ask-number = 证件号码：

keys-made = 已生成密钥文件 { $path }。证件号码和电话用它加密，丢失则无法恢复；请另存一份，与数据库备份分开保管
keys-missing = 没有密钥文件 { $path }；数据库是用密钥 { $database } 写的，没有它读不出证件号码和电话
keys-others = { $path } 中是密钥 { $file }，而数据库是用密钥 { $database } 写的
office-broken-policies = 政策文件有误，见上
