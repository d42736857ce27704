SELECT s.seqrelid, n.nspname, c.relname, format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin, s.seqmax,
       s.seqcache, s.seqcycle, c.relpersistence = 'u',
       CASE WHEN c.relowner <> me.oid THEN pg_get_userbyid(c.relowner) END,
       d.refobjid AS owner_table, a.attname AS owner_column, d.deptype = 'i' AS identity,
       s.seqrelid::regclass::text
FROM pg_sequence s
JOIN pg_class c ON c.oid = s.seqrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.seqrelid AND d.objsubid = 0
  AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
CROSS JOIN (SELECT oid FROM pg_roles WHERE rolname = current_user) me
WHERE c.oid >= 16384 AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'vibe_scratch')
ORDER BY n.nspname, c.relname
