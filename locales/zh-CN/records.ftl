records-migrated = 数据库已是最新
records-not-current = 数据库的表不是本版本的，请先运行 dinggang migrate
records-verified = 审计链完整：已封 { $sealed } 条，未封 { $unsealed } 条，已删除内容 { $erased } 条
records-tampered = 审计链在第 { $at } 条处被改动：{ $kind }
records-bad-head = “{ $head }”不是链首；应形如 17:9f86d0…
records-no-key-file = 没有密钥文件 { $path }
records-rotated = 现用第 { $key } 号密钥，重新加密了 { $count } 项
