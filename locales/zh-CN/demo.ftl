# 演示

demo-begins = 正在准备演示（数据只在临时文件夹里，结束后即删除）……
demo-invents = 　虚构一个旗县……
demo-records = 　登记机构和 { $staff } 名人员（两年前的情况）……
demo-changes = 　登记此后的变化……
demo-policy = 　采用政策……
demo-accounts = 　开通账号……
demo-life = 　办理申报、公示和竞聘……
demo-ready = 演示已就绪，请用浏览器打开：{ $url }
demo-login-staff = 职工：查看本人情况
demo-login-institution-hr = 机构人事（WS01）
demo-login-consortium-hr = 医共体人事，同时是机构人事（登录后选择身份）
demo-login-establishment = 旗县编办
demo-login-human-resources = 旗县人社
demo-login-health = 旗县卫健
demo-login-drug-regulator = 旗县药监
demo-login-city = 市级人社
demo-login-auditor = 监督（全部地区，只读）
demo-login-administrator = 管理员
demo-warning = 仅供演示：不要求第二因素，所有人和机构均为虚构。按 Ctrl-C 结束。
demo-reason = 演示数据
demo-merits = 近三年年度考核合格以上，承担门诊和下村巡诊。
demo-round = 专业技术岗位竞聘
demo-round-conditions = 具备相应资格，近三年年度考核合格以上。
demo-criterion-work = 工作业绩
demo-criterion-assessment = 考核结果
demo-subsidy = 基本公共卫生服务补助
