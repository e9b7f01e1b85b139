# 命令行帮助（英文在程序里）

help-heading-commands = 命令
help-heading-arguments = 参数
help-heading-options = 选项

help = 定岗：基层医疗卫生机构编制、岗位、职称结构比例的核算与逐条说明
help-check = 读取工作簿，按政策核算，输出结论；不用数据库
help-explain = 逐步说明一个人（或一家机构）：算式、条款、理解
help-policy = 政策：有哪些、说了什么、是否正确、换用后有何变化
help-policy-list = 列出随程序提供的政策及其状态
help-policy-show = 用平白的话显示一份政策：条款、规则、理解、覆盖
help-policy-check = 检查政策文件，运行算例，显示各文件条款的覆盖情况
help-policy-impact = 换用另一套政策会改变什么：机构、区域、人员，附两边条款
help-template = 写出空的导入模板（带下拉选项和批注）
help-sample = 写出一个虚构的旗县（人员均为虚构），大小自定
help-serve = 启动服务：人员与岗位记录、权限、审计和 REST 接口
help-demo = 演示：虚构一个旗县，每种身份一个账号；数据在临时文件夹，结束即删除
help-openapi = 输出 REST 接口的说明（OpenAPI，JSON）
help-config = 显示实际生效的配置及其来源（密码不显示）；有问题则一次全部列出
help-migrate = 建立数据库的表，或升级到本版本
help-audit = 审计记录：链首，以及是否被改动过
help-audit-head = 输出审计链的长度和最后的散列值，请另行保存
help-audit-verify = 重新计算整条审计链；有改动时退出码为 1
help-key = 加密证件号码和电话的密钥
help-key-rotate = 生成新密钥并用它重新加密；须先停止服务
help-backup = 在使用中备份数据库，并逐行核对备份
help-restore = 把备份恢复到空数据库，并逐行核对
help-mail = 邮件：检验设置
help-mail-samples = 把每类提醒的邮件各写一封（中英文）到文件夹，供查看
help-mail-test = 立即发一封测试邮件，并说明结果；未发出时退出码为 2
help-user = 账号：在本机直接管理，不用登录；一切操作都进审计记录
help-user-list = 列出全部账号：状态、第二因素、身份
help-user-invite = 开通账号，并输出供本人设置密码的一次性链接
help-user-link = 输出新的链接：忘了密码，或开通链接已过期
help-user-lock = 锁定账号；会话和令牌随即失效
help-user-unlock = 解锁账号（包括密码错误过多而锁定的）
help-user-disable = 停用账号
help-user-enable = 恢复已停用的账号，并输出重新设置密码的链接
help-user-reset-second-factor = 手机丢失时清除第二因素；会话随即失效
help-user-revoke-sessions = 终止该账号的全部会话和令牌
help-user-grant = 授予一个身份
help-user-take-back = 收回一个身份；以该身份进行的会话和令牌随即失效
help-completions = 输出命令行补全脚本
help-man = 输出手册页
help-help = 显示某个命令的用法

help-arg-lang = 输出所用的语言
help-arg-head = 以前输出的链首；不给出则看不出链尾被截断（可重复）
help-arg-files = 工作簿（.xlsx、.xls、.ods）和卫生统计导出表；几个文件视为一份数据
help-arg-as-of = 计算日期；不写则为今天（北京时间）
help-arg-policies = 用这个文件夹中的政策，而不是随程序提供的
help-arg-set = 文件留给各地确定的比例，如 政策#规则=22%（可重复）
help-arg-policy = 适用的政策（可重复）；见 dinggang policy list
help-arg-format = 输出格式；xlsx 需要 --out
help-arg-out = 写到文件
help-arg-recipient = 收件人的邮箱地址
help-arg-errors = 把工作簿写回，在每个退回的行旁注明原因
help-arg-person = 身份证件号码，或 [文件:]人员!行号（在 bash 中请加单引号）
help-arg-institution = 机构编码
help-arg-id = 政策的标识
help-arg-path = 政策文件夹，或一份政策；不写则为随程序提供的
help-arg-sources = 原文所在的文件夹，用来核对每处引文（可重复）
help-arg-from = 原来适用的政策（可重复）
help-arg-to = 改用的政策（可重复）
help-arg-shell = 命令行环境
help-arg-townships = 乡镇卫生院的数目，其他机构随之而定
help-arg-staff = 大致的人员数
help-arg-back-to = 退回到较早的某一天：之后入职、晋升的都还没有
help-arg-seed = 随机种子；同一种子得到同一个旗县
help-arg-config = 配置文件；不写则为当前文件夹中的 dinggang.toml
help-arg-listen = 监听地址和端口
help-arg-database = 数据库：sqlite://… 或 postgres://…
help-arg-setting = 任一设置，如 log=debug（可重复）
help-arg-user-name = 登录用的用户名
help-arg-name = 本人姓名，审计记录中显示
help-arg-role = 角色
help-arg-area = 行政区划代码：审核人员必填；监督、管理员不填则为全部
help-arg-of-institution = 机构编码：机构人事管理的机构（含其下属站、室）
help-arg-consortium = 医共体名称：医共体人事管理的医共体
help-arg-of-person = 本人的证件号码；写 - 则从输入中读取
help-arg-authority = 审核人员所属部门
help-arg-tier = 该部门的层级
help-arg-number = 列表中身份的序号
help-arg-scratch = 用于核对的空 PostgreSQL 数据库；不写则临时建立一个
help-arg-file = 备份文件；清单须与它放在一起
help-arg-help = 显示帮助
help-arg-version = 显示版本

help-examples =
    例：
      dinggang template --out 空表.xlsx
      dinggang check 全旗.xlsx --policy inner-mongolia/primary-care-draft
      dinggang check 全旗.xlsx --policy inner-mongolia/primary-care-draft --format xlsx --out 结果.xlsx
      dinggang explain 全旗.xlsx --policy inner-mongolia/primary-care-draft --person '人员!12'
      dinggang policy impact 全旗.xlsx --from inner-mongolia/primary-care-draft --to national/county-community-pilot

    退出码：0 没有必须类的不合规；1 有机构或区域违反必须类规则；2 有内容被退回（能读的仍然核算）；3 用法不对或政策有误。
help-check-examples =
    例：
      dinggang check 全旗.xlsx --policy inner-mongolia/primary-care-draft --as-of 2026-11-22
      dinggang check 机构.xlsx 人员.xlsx --policy inner-mongolia/primary-care-draft --format json
      dinggang check 全旗.xlsx --policy inner-mongolia/primary-care-draft --errors 退回.xlsx
help-explain-examples =
    例：
      dinggang explain 全旗.xlsx --policy inner-mongolia/primary-care-draft --person '人员!12'
      dinggang explain 全旗.xlsx --policy inner-mongolia/primary-care-draft --institution NM001
help-user-examples =
    例：
      dinggang user list
      dinggang user invite wang.li --name 王丽 --role institution_hr --institution NM001
      dinggang user invite bianban --name 李强 --role reviewer --authority establishment --area 150199
      dinggang user link wang.li
help-backup-examples =
    例：
      dinggang backup
      dinggang backup --out /srv/backups/
      dinggang backup --out before-upgrade.sqlite
help-restore-examples =
    例：
      dinggang restore before-upgrade.sqlite --database sqlite://restored.db
