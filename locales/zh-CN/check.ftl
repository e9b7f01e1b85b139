# 检查结果、拒收与提示的用语

fault-missing = { $column } 必填
fault-missing-column = 缺少「{ $column }」列，本表未读取
fault-missing-sheet = 缺少工作表「{ $sheet }」
fault-unknown-value = { $column }「{ $value }」不在可选值内，应为：{ $choices }
fault-unknown-place = { $column }「{ $value }」应为 { $lengths } 位数字
fault-header-again = 这一行又是表头，请删去
fault-bad-month = { $column }「{ $value }」不是年月，应如 1998-07
fault-ambiguous-month = { $column }「{ $value }」分不清是 1 月还是 10 月，请把单元格设为文本并写成 1998-01 或 1998-10
fault-bad-number = { $column }「{ $value }」不是 0 或以上的整数
fault-above-other = { $column }「{ $value }」多于 { $other } { $number }
fault-id-checksum = 身份证件号码「{ $value }」校验位不符，应为 18 位居民身份证号码
fault-id-as-number = 身份证件号码被存成了数字，末几位已丢失，请把该列设为文本后重新填写
fault-id-birth-date = 身份证件号码「{ $value }」中的出生日期不存在或晚于计算日期
fault-unknown-institution = 机构编码「{ $value }」不在「机构」表中
fault-end-before-start = 终止年月「{ $value }」早于起始年月 { $start }
fault-duplicate = { $column }「{ $value }」与 { $first } 重复

warning-unknown-column = 不认识「{ $column }」列，未读取
warning-refused-institution = 机构「{ $value }」的行未通过，本行不参加计算
warning-no-such-person = 「人员」表中没有这个身份证件号码，本行未用
warning-partial-history = 此人部分履历行被退回，工作年限按其余行计算
warning-level-missing = 有岗位等级而无聘任级别，按未聘计算
warning-grade-level-mismatch = 岗位等级 { $value } 与聘任级别不符（1–4 正高，5–7 副高，8–10 中级，11–13 初级）
warning-post-without-title = 聘任级别「{ $value }」高于专业技术资格
warning-past-retirement = 已过法定退休年月 { $value }
warning-directed-below-senior = 基层定向资格为「{ $value }」，低于副高

file-not-a-workbook = 不是 Excel 或 ODS 工作簿
file-empty = 文件是空的
file-damaged = 文件已损坏或不完整，请打开后另存再试
file-password = 文件有密码，请去掉密码后再试
file-too-large = 文件过大或展开后过大，没有读取
file-wrong-sheets = 没有可读的工作表；有：{ $found }；应有：{ $expected }
file-unreadable = 打不开文件：{ $detail }

verdict-holds = 合规
verdict-fails = 不合规
verdict-unknown = 待定
verdict-judgement = 需认定

force-must = 必须
force-may = 可以
force-in-principle = 原则上
force-target = 目标

status-draft = 草案
status-in-force = 现行
status-expired = 期满
status-repealed = 废止
status-unverified = 未核对原文

subject-senior = 高级
subject-intermediate = 中级
subject-junior = 初级
subject-directed = 定向

rounding-down = 向下取整
rounding-up = 向上取整
rounding-nearest = 四舍五入

finding-compared = { $title }：{ $figures }，{ $verdict }
finding-unknown = { $title }：缺少{ $missing }，不能判断
finding-judgement = { $title }：共 { $counted } 人，{ $question }

figures-share = 现有 { $counted }，上限 { $base } × { $share } = { $exact } → { $limit }（{ $rounding }）
figures-parts = 现有 { $counted }，上限（{ $part } × { $share } + { $rest } × { $rest-share }）= { $exact } → { $limit }（{ $rounding }）
figures-percent = { $counted } ÷ { $base } = { $percent }，应{ $bound } { $share }
figures-none-allowed = 现有 { $counted }，此处不设
figures-approved = 现有 { $counted }，核定 { $approved }
figures-needed = 现有 { $counted }，应有 { $needed }
figures-months = 距上次 { $counted } 个月，周期 { $every } 个月
figures-range = 现有 { $counted }，应在 { $low } 到 { $high } 之间
figures-at-most-number = 现有 { $counted }，应不超过 { $high }
figures-at-least-number = 现有 { $counted }，应不少于 { $low }
figures-conditions = { $verdict }
bound-at-least = 不低于
bound-at-most = 不超过
bound-between = 介于

missing-set-by-place = 各地确定的比例
missing-nearer-place = 更细的行政区划代码

list-separator = 、

months = { $months } 个月
months-and-years = { $months } 个月（{ $years } 年 { $rest } 个月）

table-as-of = 截至 { $month }，依据：
caveat-unread = 有文件或工作表没有读入：下列各数只算读到的部分，不能作准
caveat-refused = 有 { $rows } 行被退回，未计入下列各数
table-ledger-note = 各级：在岗计数/可用上限；+n 空缺，▲n 超出，– 未知。计数含超比例（超比例不算超出），不含不占职数、定向、特设。
table-more = …… 还有 { $count } 行，见 --format json 或 xlsx
table-fails-must = 不合规（必须）{ $count } 项
table-fails-other = 未达到（原则上、目标）{ $count } 项
table-unknown = 待定 { $count } 项
table-judgement = 需认定 { $count } 项
table-refused = 退回 { $count } 处
table-warnings = 提示 { $count } 处
table-summary = 机构 { $institutions } 家，人员 { $people } 人；不合规（必须）{ $broken } 项，未达到 { $other } 项，待定 { $unknown } 项，需认定 { $judgement } 项；退回 { $refused } 处。
column-code = 机构编码
column-name = 机构名称
column-professional-posts = 专技岗位
column-off-quota = 不占职数
column-beyond-ratio = 超比例
column-subject = 对象
column-finding = 结论
column-clause = 依据

cli-no-national = { $folder } 中缺少 { $ids }：这些政策在任何地方都适用，请从程序自带的政策中一并复制
cli-no-policy = 没有政策「{ $id }」，见 dinggang policy list。
cli-xlsx-needs-out = --format xlsx 需要 --out 路径
cli-reading = 读取行数
cli-evaluating = 计算中
cli-errors-written = 已写出 { $path }，注明 { $rows } 行的退回原因
cli-errors-plain = 原文件不是 xlsx 或写法特殊，不能在原处补写：只写出了内容，没有保留格式
file-empty-file = 文件是空的
file-other-format = 不读取这种格式，请另存为 xlsx
file-too-many-faults = 有问题的行超过 { $limit } 行，多半不是这种表

standing-holds = 满足
standing-fails = 不满足
standing-unknown = 待定
standing-judgement = 需认定
months-years = { $months } 个月（{ $years } 年）
finding-subject = { $title }·{ $subject }
finding-and-due = { $sentence }；本月到期，应安排调整
condition-and = ；
years = { $years } 年
policy-line = { $id }  { $title }（{ $marks }）
table-refused-file = ✗ { $file }：{ $message }
table-more-same = …… 另有 { $count } 处「{ $what }」，见 --format json 或 xlsx
table-not-evaluated = 另有 { $count } 条规则因工作簿没有所需事实而未作判断，见 xlsx 的「说明」表或 JSON 的 not_evaluated
cli-near = { $sentence }{ $near }
cli-setting-form = 「{ $setting }」应写成 政策#规则=比例，例如 national/county-community-pilot#senior-raised=22%。
cli-setting-no-policy = 「{ $setting }」中的政策「{ $policy }」不在所用政策内，请用 --policy 写明。
cli-setting-no-rule = 政策 { $policy } 没有规则「{ $rule }」。
cli-setting-fixed = 规则 { $rule } 没有把比例留给各地，不能用 --set 写明。
cli-setting-bad-share = 「{ $setting }」中的「{ $share }」不是比例，例如 18%、0.3‰、2/10000。
os-not-found = 没有这个文件或文件夹
os-permission-denied = 没有权限
os-is-a-directory = 这是文件夹，不是文件
os-not-a-directory = 这不是文件夹
os-already-exists = 已经存在
error-link = ：
quoted = 「{ $text }」
