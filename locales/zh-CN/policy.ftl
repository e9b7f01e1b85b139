# 政策文件的问题与政策命令的用语

policy-problem-syntax = 不是合法的 TOML：{ $detail }
policy-problem-wrong-type = 类型不对，这里要写成 { $wanted }
policy-problem-unknown-key = 没有「{ $found }」这个键
policy-problem-missing-key = 缺少「{ $key }」
policy-problem-unknown-name = 没有名为「{ $found }」的{ $what }
policy-problem-repeated = { $what }「{ $found }」写了两次
policy-problem-unknown-word = 「{ $found }」不在可选值内
policy-problem-bad-condition = 「{ $found }」不是「事实 运算 值」的形式
policy-problem-wrong-operator = 「{ $fact }」不能用运算 { $operator }
policy-problem-bad-share = 「{ $found }」不是比例
policy-problem-bad-duration = 「{ $found }」不是时间长度
policy-problem-bad-date = 「{ $found }」不是日期
policy-problem-bad-number = 「{ $found }」不是合适的数
policy-problem-needs = 「{ $key }」需要写明：{ $wants }
policy-problem-wrong-fact = 事实「{ $found }」的类型不对，这里要 { $wanted }
policy-problem-conflict = 规则 { $rule } 与 { $other } 对同一件事给出不同的数，且互不取代
policy-problem-not-hit = 规则 { $rule } 没有算例得出「{ $outcome }」
policy-problem-case-fails = 算例「{ $case }」结果不符：应为 { $expected }，实为 { $got }
policy-problem-quote-not-found = 引文「{ $clause }」在 { $source } 中找不到原文
policy-problem-source-not-found = 所给文件中没有 { $name }（SHA-256 { $sha256 }）
policy-problem-no-citation = 规则 { $rule } 没有写明依据
policy-problem-no-reason = 覆盖表 { $row } 没有写明规则或理由
policy-problem-unreadable = 读不到政策文件：{ $path }

policy-help-nearest = 是不是想写「{ $nearest }」？
policy-help-choices = 可选：{ $choices }
policy-help-condition = 例如：机构类型 in 乡镇卫生院, 社区卫生服务中心；基层累计工作年限 >= 20年
policy-help-share = 例如：18%、0.3‰、2/10000
policy-help-duration = 例如：20年、60岁、240个月
policy-help-date = 例如：2014-07-01、2020-06
policy-help-conflict = 其中一条应写 overrides = "政策#规则"，或分清适用的机构、地区、日期
policy-help-not-hit = 在 cases.toml 中补一个得出该结果的算例
policy-help-no-citation = 写 cites = ["条款名"]
policy-help-no-reason = 已编码的写 rules，其余写 reason
policy-label-other = 另一处

policy-name-fact = 事实
policy-name-clause = 条款
policy-name-rule = 规则
policy-name-policy = 政策
policy-name-subject = 对象
policy-name-coverage-row = 覆盖表行
policy-name-entity = 主体
policy-name-case = 算例
policy-name-place = 地区

policy-outcome-holds = 合规
policy-outcome-fails = 不合规
policy-outcome-judgement = 需认定
policy-outcome-gives = 有结果
policy-outcome-gives-nothing-more = 有的行不适用
policy-outcome-delayed = 延迟
policy-outcome-not-delayed = 不延迟
policy-outcome-first = 优先
policy-outcome-not-first = 不优先
policy-outcome-split = 分配

policy-national = 全国
policy-list-line = 地区：{ $place }；自 { $from } 至 { $to }；规则 { $rules } 条
policy-source = 原文：{ $source }
policy-no-source = 没有原文文件
policy-no-source-short = 无原文
policy-not-verified = 未核对
policy-overrides = 取代 { $rule }
policy-coverage = 覆盖
policy-where = 适用：{ $conditions }
policy-who = 对象：{ $conditions }
policy-when = 条件：{ $conditions }
policy-holder = 已聘用者：{ $conditions }
policy-candidate = 可聘用者：{ $conditions }
policy-first = 优先：{ $conditions }
policy-by = 到 { $date }
policy-every = 自「{ $since }」起每 { $months } 个月
policy-schedule = { $class }：原 { $age }，{ $from } 起出生的每 { $every } 个月延迟 1 个月，最多 { $most } 个月
policy-check-broken = 政策文件有 { $count } 处问题
policy-column-policy = 政策
policy-column-rules = 规则
policy-column-cases = 算例
policy-column-encoded = 已编码
policy-column-judgement = 由人认定
policy-column-not-encoded = 未编码
policy-column-quotes = 已核引文
policy-column-status = 状态
coverage-encoded = 已编码
coverage-judgement = 由人认定
coverage-not-encoded = 未编码
