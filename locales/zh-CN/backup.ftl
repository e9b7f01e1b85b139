# 备份与恢复

backup-made = 已备份到 { $file }（清单 { $manifest }），并已恢复核对：{ $tables } 张表，{ $rows } 行，逐行一致
backup-keys = { $count ->
    [0] 备份中没有加密内容
   *[other] 读取加密内容需要密钥 { $fingerprint }（第 { $numbers } 号）；密钥文件不在备份中，请另行保管
}
backup-exists = { $path } 已存在，备份不覆盖任何文件
backup-differs = 备份与数据库不一致（{ $what }），已作废
backup-no-scratch = 无法建立用于核对的临时数据库（{ $detail }）；请给该用户 CREATEDB 权限，或用 --scratch 指定一个空数据库
backup-tool-missing = 没有安装 { $tool }；请安装 PostgreSQL 客户端程序（Debian 软件包 postgresql-client）
backup-tool-old = { $tool } 是第 { $found } 版，比服务器（第 { $server } 版）旧，不能使用；请安装同版或更新的客户端程序
restore-done = 已恢复 { $made } 的备份，逐行核对一致：{ $tables } 张表，{ $rows } 行；审计链完整
restore-keys = 注意：{ $path } 不是这份备份的密钥。读取加密内容需要密钥 { $fingerprint }（第 { $numbers } 号），请把它放到该处再启动
restore-outdated = 备份来自较早的版本，请接着运行 dinggang migrate
restore-no-manifest = 没有清单 { $path }；备份须与清单放在一起
restore-bad-manifest = 清单 { $path } 无法读取：{ $detail }
restore-damaged = { $path } 与清单不符：文件损坏或被改动，没有恢复
restore-other-kind = 这是 { $backup } 的备份，不能恢复到 { $target }
restore-not-empty = 目标数据库不是空的；只能恢复到空数据库，没有改动任何内容
restore-newer = 备份由更新的版本（{ $version }）制作，本版本不认识其中的表
restore-lost = 恢复的内容与清单不一致（{ $what }），请勿使用
restore-tampered = 备份中的审计链在第 { $at } 条处被改动过
