# 换用政策的影响

impact-from = 原政策：{ $policies }
impact-to = 新政策：{ $policies }
impact-before = 原：
impact-after = 新：
impact-nothing = 无此规则或不适用
impact-places = { $level }：限额 { $limit }，空缺 { $vacant }，超出 { $over }
impact-ledger = 台帐：{ $from } → { $to }
impact-retirement = 法定退休年月：{ $from } → { $to }
impact-summary = 有变化：区域 { $areas } 个，机构 { $institutions } 家，人员 { $people } 人，乡村医生 { $doctors } 人。
