# Backup and restore

backup-made = backed up to { $file } (manifest { $manifest }); restored and compared: { $tables } tables, { $rows } rows, the same row for row
backup-keys = { $count ->
    [0] nothing in the backup is encrypted
   *[other] to read what is encrypted in it, the keys { $fingerprint } are needed (number { $numbers }); the file of keys is not part of the backup and is kept apart
}
backup-exists = { $path } is there already; a backup is written over nothing
backup-differs = the copy differs from the database ({ $what }) and was thrown away
backup-no-scratch = no temporary database can be made to check the copy ({ $detail }); give the user the right CREATEDB, or name an empty database with --scratch
backup-tool-missing = { $tool } is not installed; it comes with the client programs of PostgreSQL (Debian package postgresql-client)
backup-tool-old = { $tool } is of version { $found }, older than the server, which is { $server }; install client programs of that version or a newer one
restore-done = the backup of { $made } was restored and compared: { $tables } tables, { $rows } rows, the same row for row; the audit chain is whole
restore-keys = Mind: { $path } does not hold the keys of this backup. To read what is encrypted, the keys { $fingerprint } are needed (number { $numbers }); put them there before the server is started
restore-outdated = the backup is of an older version; run dinggang migrate next
restore-no-manifest = the manifest { $path } is missing; it has to stand beside the backup
restore-bad-manifest = the manifest { $path } cannot be read: { $detail }
restore-damaged = { $path } does not fit its manifest: the file was damaged or altered, and nothing was restored
restore-other-kind = this is a backup of { $backup }, which cannot be restored into { $target }
restore-not-empty = the target database is not empty; a backup goes into an empty one only, and nothing was altered
restore-newer = the backup was made by a newer version ({ $version }), whose tables this one does not know
restore-lost = what was restored differs from the manifest ({ $what }); do not use it
restore-tampered = the audit chain in the backup was tampered with at number { $at }
