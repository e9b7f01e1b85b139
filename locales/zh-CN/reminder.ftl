# 提醒：每类的标题和正文

reminder-off-quota-begins = 将进入不占职数期间
reminder-off-quota-begins-text = { $name }（{ $institution }，{ $level ->
    [senior] 高级
    [intermediate] 中级
   *[other] 初级
}岗位）自 { $month } 起不占职数。
reminder-off-quota-ends = 不占职数期间将结束
reminder-off-quota-ends-text = { $name }（{ $institution }，{ $level ->
    [senior] 高级
    [intermediate] 中级
   *[other] 初级
}岗位）自 { $month } 起重新占用职数。
reminder-service-reached = 工作年限将满
reminder-service-reached-text = { $name }（{ $institution }）的“{ $clock }”将于 { $month } 满 { $span }。
reminder-retirement = 法定退休
reminder-retirement-text = { $name }（{ $institution }）的法定退休年月为 { $month }。{ $frees ->
    [senior] 届时空出 1 个高级岗位。
    [intermediate] 届时空出 1 个中级岗位。
    [junior] 届时空出 1 个初级岗位。
   *[none] 该人不占结构比例内的岗位。
}
reminder-early-retirement = 可弹性提前退休
reminder-early-retirement-text = { $name }（{ $institution }）自 { $from } 起可自愿弹性提前退休（法定 { $to }）；本人须至少提前 3 个月书面告知单位。
reminder-late-retirement = 弹性延迟退休须书面约定
reminder-late-retirement-text = { $name }（{ $institution }）的法定退休年月为 { $from }；如协商延迟（最迟 { $to }），须提前 1 个月书面约定。
reminder-vacancy-opened = 出现空缺
reminder-vacancy-opened-text = { $institution }{ $level ->
    [senior] 高级
    [intermediate] 中级
    [junior] 初级
   *[directed] 定向
}岗位空缺由 { $before } 个增至 { $vacant } 个。
reminder-vacancy-unplanned = 有空编未报招聘计划
reminder-vacancy-unplanned-text = { $institution } 空编 { $vacant } 名，没有在办的招聘计划。
reminder-rule-broken = 不符合规定
reminder-rule-broken-text = { $institution }：{ $title }。{ $message }
reminder-rule-healed = 恢复合规
reminder-rule-healed-text = { $institution }：{ $title }。{ $message }
reminder-establishment-review = 编制复核到期
reminder-establishment-review-text = { $institution } 的编制应于 { $month } 复核。
reminder-application-waiting = 申报待办理
reminder-application-waiting-text = { $name }（{ $institution }）的申报自 { $since } 起等待办理。
reminder-application-overdue = 申报逾期未办
reminder-application-overdue-text = { $name }（{ $institution }）的申报自 { $since } 起一直未办理，请督促。
reminder-application-returned = 申报退回
reminder-application-returned-text = { $name }（{ $institution }）的申报已退回，请补正后再提交。
reminder-application-decided = 申报有结果
reminder-application-decided-text = { $name }（{ $institution }）的申报：{ $state ->
    [approved] 已批准
    [filed] 已备案
    [effective] 已生效
    [rejected] 未通过
    [withdrawn] 已撤回
    [lapsed] 已失效
   *[revoked] 决定已撤销
}。
reminder-notice-ends = 公示期满
reminder-notice-ends-text = { $name }（{ $institution }）的公示将于 { $about } 期满。
reminder-appointment-ends = 聘期届满
reminder-appointment-ends-text = { $name }（{ $institution }）的聘期将于 { $about } 届满。
reminder-contract-ends = 聘用合同到期
reminder-contract-ends-text = { $name }（{ $institution }）的聘用（劳动）合同将于 { $about } 到期，请办理续签或终止手续。
reminder-licence-expires = 执业证件到期
reminder-licence-expires-text = { $name }（{ $institution }）的{ $licence ->
    [physician] 执业医师证
    [assistant_physician] 执业助理医师证
    [nurse] 护士执业证
    [pharmacist] 药师证
   *[other] 执业证件
}将于 { $about } 到期{ $reckoned ->
    [yes] （未登记有效期，按 5 年推算）
   *[no] {""}
}。
reminder-physician-assessment = 医师定期考核到期
reminder-physician-assessment-text = { $name }（{ $institution }）的下一次医师定期考核应于 { $about } 前完成（上次考核 { $since }{ $reckoned ->
    [yes] ，按三年周期推算
   *[no] {""}
}）。
reminder-registration-expires = 乡村医生注册到期
reminder-registration-expires-text = 乡村医生 { $name } 的注册将于 { $about } 到期{ $reckoned ->
    [yes] （未登记有效期，按 5 年推算）
   *[no] {""}
}。
reminder-directed-scope = 定向职称将失效
reminder-directed-scope-text = { $name }（{ $institution }）申请调动；其定向职称仅在区划 { $scope } 内有效，调出后不再有效。
reminder-condition-owed = 竞聘前须补的条件
reminder-condition-owed-text = “{ $round }”自 { $opens } 起受理申报；{ $name }（{ $institution }）尚缺规定的条件。
reminder-training-owed = 竞聘前须补的培训
reminder-training-owed-text = “{ $round }”自 { $opens } 起受理申报，要求完成“{ $training ->
    [residency] 规范化培训
    [transfer] 转岗培训
    [post] 岗位培训
    [assistant_gp] 助理全科培训
    [essential_medicines] 基本药物培训
    [capacity] 能力提升培训
   *[continuing] 继续教育
}”{ $hours ->
    [none] ，{ $name }（{ $institution }）尚无完成记录
   *[other] { $hours } 学时，{ $name }（{ $institution }）已登记 { $done } 学时
}；其他条件未见不符合。
reminder-doctor-sixty = 乡村医生将满 60 岁
reminder-doctor-sixty-text = 乡村医生 { $name } 将于 { $month } 满 60 岁，{ $scheme ->
    [none] 尚未参加养老保险。
   *[unknown] 参保情况未登记。
}
reminder-doctor-back-paid = 乡村医生已补缴
reminder-doctor-back-paid-text = 乡村医生 { $name } 已于 { $month } 补缴，自 { $benefit } 起领取待遇。
reminder-doctor-pension-changed = 乡村医生参保类别变化
reminder-doctor-pension-changed-text = 乡村医生 { $name } 的参保类别由{ $before ->
    [employees] 企业职工
    [residents] 城乡居民
   *[none] 未参保
}变为{ $scheme ->
    [employees] 企业职工
    [residents] 城乡居民
   *[none] 未参保
}。
reminder-subsidy-unpaid = 乡村医生补助未发
reminder-subsidy-unpaid-text = 乡村医生 { $name } { $month } 的“{ $subsidy }”尚未足额发放。
reminder-assignment-ends = 派驻轮岗期满
reminder-assignment-ends-text = { $name }（{ $institution }）的{ $assignment ->
    [stationed] 派驻
    [rotation] 轮岗
    [rounds] 巡诊
    [support] 对口支援
   *[secondment] 借调
}将于 { $about } 期满。
reminder-leader-term-ends = 负责人任期届满
reminder-leader-term-ends-text = { $name }（{ $institution }）的{ $role }任期将于 { $about } 届满。
reminder-policy-adopted = 采用政策
reminder-policy-adopted-text = 区划 { $place } 自 { $about } 起采用《{ $policy }》，影响见系统。
reminder-policy-ends = 政策停止适用
reminder-policy-ends-text = 区划 { $place } 自 { $about } 起不再适用《{ $policy }》，影响见系统。

feed-title = { $title }：{ $whom }
feed-name = 定岗：{ $name }

refusal-host-not-allowed = 该主机不在允许的群机器人主机之列（设置 webhook_hosts）
refusal-bad-cron = 计划时间读不懂或永不到来：{ $why }
refusal-no-such-zone = 没有时区“{ $zone }”
refusal-bad-mail = 不是邮箱地址
refusal-kind-required = “{ $kind }”按规定必须提醒，不能关闭
refusal-no-such-delegate = 代收人不存在，或没有同样的身份
refusal-absence-unfit = 不在岗期间须指定代收人，且结束不早于开始
