-- Every type that a user's object can use, with the element type behind an array.
SELECT t.oid, n.nspname, t.typname, t.typtype, t.typrelid,
       CASE WHEN t.typsubscript = 'array_subscript_handler'::regproc THEN t.typelem ELSE 0 END AS element,
       format_type(t.oid, NULL) AS name,
       t.typcollation, t.typstorage,
       CASE WHEN t.typowner <> me.oid THEN pg_get_userbyid(t.typowner) END AS owner,
       c.relkind
FROM pg_type t
JOIN pg_namespace n ON n.oid = t.typnamespace
LEFT JOIN pg_class c ON c.oid = t.typrelid
CROSS JOIN (SELECT oid FROM pg_roles WHERE rolname = current_user) me
WHERE n.nspname NOT LIKE 'pg\_toast%'
  AND (t.oid < 16384 AND c.oid IS NULL OR t.oid >= 16384)
ORDER BY n.nspname, t.typname
