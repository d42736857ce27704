-- Schemas that the user made, and public.
SELECT n.oid, n.nspname,
       CASE WHEN n.nspowner <> me.oid THEN pg_get_userbyid(n.nspowner) END AS owner
FROM pg_namespace n, (SELECT oid FROM pg_roles WHERE rolname = current_user) me
WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'vibe_scratch')
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_namespace'::regclass AND d.objid = n.oid AND d.deptype = 'e')
ORDER BY n.nspname
