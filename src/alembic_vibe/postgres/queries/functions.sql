SELECT p.oid, n.nspname, p.proname, oidvectortypes(p.proargtypes), p.prokind,
       CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid) END, l.lanname,
       pg_get_function_result(p.oid),
       CASE WHEN p.proowner <> me.oid THEN pg_get_userbyid(p.proowner) END,
       CASE WHEN p.prosqlbody IS NULL THEN p.prosrc END,
       n.nspname = 'public' AND NOT pg_function_is_visible(p.oid)
FROM pg_proc p
JOIN pg_namespace n ON n.oid = p.pronamespace
JOIN pg_language l ON l.oid = p.prolang
CROSS JOIN (SELECT oid FROM pg_roles WHERE rolname = current_user) me
WHERE p.oid >= 16384 AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'vibe_scratch')
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid
                  AND d.deptype IN ('e', 'i'))
ORDER BY n.nspname, p.proname, 4
