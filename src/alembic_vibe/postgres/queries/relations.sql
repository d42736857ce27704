-- Tables, partitioned tables, views, materialised views and the rows of composite types.
SELECT c.oid, n.nspname, c.relname, c.relkind, c.relpersistence = 'u',
       CASE WHEN c.relowner <> me.oid THEN pg_get_userbyid(c.relowner) END,
       CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END,
       CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END,
       (SELECT array_agg(i.inhparent ORDER BY i.inhseqno) FROM pg_inherits i WHERE i.inhrelid = c.oid),
       c.reloptions, am.amname, ts.spcname, c.reloftype,
       c.relrowsecurity, c.relforcerowsecurity, c.relreplident,
       CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid, true) END,
       c.relispopulated,
       CASE WHEN c.reltoastrelid <> 0 THEN t.reloptions END,
       (SELECT ic.relname FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid
        WHERE i.indrelid = c.oid AND i.indisreplident AND c.relreplident = 'i')
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_am am ON am.oid = c.relam
LEFT JOIN pg_tablespace ts ON ts.oid = c.reltablespace
LEFT JOIN pg_class t ON t.oid = c.reltoastrelid
CROSS JOIN (SELECT oid FROM pg_roles WHERE rolname = current_user) me
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'c') AND c.oid >= 16384
  AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'vibe_scratch')
ORDER BY n.nspname, c.relname
