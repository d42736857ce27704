-- What lives in public behind something of PostgreSQL's own of the same name: unqualified, it cannot be reached.
SELECT 'pg_type'::regclass::oid, t.oid FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
LEFT JOIN pg_class c ON c.oid = t.typrelid
WHERE n.nspname = 'public' AND t.typelem = 0 AND (t.typtype IN ('e', 'd', 'r') OR c.relkind = 'c')
  AND NOT pg_type_is_visible(t.oid)
UNION ALL
SELECT 'pg_class'::regclass::oid, c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v', 'm', 'S') AND NOT pg_table_is_visible(c.oid)
UNION ALL
SELECT 'pg_proc'::regclass::oid, p.oid FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = 'public' AND NOT pg_function_is_visible(p.oid)
