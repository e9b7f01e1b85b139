# 邮件

mail-more = 在系统中查看（需登录）
mail-change = 修改接收方式
mail-greeting = { $name }，您好：
mail-subject-one = 定岗提醒：{ $title }
mail-subject-digest = 定岗提醒：{ $count } 项
mail-instead = 以下提醒原发给 { $name }，因其不在岗，由您代收。
mail-why = 依据：{ $because }
mail-cited = 《{ $policy }》{ $clause }
mail-cited-notes = { $cited }（{ $notes }）
mail-reading = 按本系统对条文的理解
mail-closing = 本邮件由定岗系统自动发出，请勿回复。链接需登录后查看。
mail-required-all = 以上提醒按规定必须发送，不能关闭。
mail-required = 其中部分提醒按规定必须发送，不能关闭。
mail-test-subject = 定岗测试邮件
mail-test-opening = 收到这封邮件，说明邮件设置可用。
mail-test-title = 测试
mail-test-line = 由 { $host } 发出。
mail-test-sent = 已交给 { $where }，收件人 { $to }。
mail-test-failed = 未能发出：{ $detail }
mail-samples-written = 已写入 { $where }：{ $count } 封示例邮件。
mail-test-folder = 未设置邮件服务器：已写入 { $where }，收件人 { $to } 不会收到。
mail-bad-address = “{ $address }”不是邮箱地址
mail-bad-roots = 邮件服务器的根证书 { $path } 读不出：{ $detail }
mail-bad-server = 邮件服务器地址不可用：{ $detail }
