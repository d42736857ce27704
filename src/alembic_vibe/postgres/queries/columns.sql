SELECT a.attrelid, a.attnum, a.attname, a.atttypid, format_type(a.atttypid, a.atttypmod), a.attnotnull,
       pg_get_expr(d.adbin, d.adrelid, true), a.attgenerated, a.attidentity,
       CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation::text END,
       CASE WHEN a.attstorage <> t.typstorage AND c.relkind IN ('r', 'p') THEN a.attstorage END,
       NULLIF(a.attcompression, ''),
       CASE WHEN a.attstattarget >= 0 THEN a.attstattarget END,
       NOT a.attislocal, a.attoptions,
       a.attgenerated = '' AND EXISTS (
           -- The functions of an expression are in its tree only: pg_depend leaves out PostgreSQL's own.
           SELECT FROM regexp_matches(d.adbin::text, ':(?:funcid|opfuncid) (\d+)', 'g') AS found
           JOIN pg_proc p ON p.oid = found[1]::oid
           WHERE p.provolatile = 'v'
       )
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attnum > 0 AND NOT a.attisdropped
  AND c.relkind IN ('r', 'p', 'v', 'm', 'c') AND c.oid >= 16384
  AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'vibe_scratch')
ORDER BY a.attrelid, a.attnum
