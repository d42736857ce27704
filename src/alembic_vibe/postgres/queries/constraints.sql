SELECT c.oid, c.conrelid, c.conname, c.contype, CASE WHEN c.contype <> 'n' THEN pg_get_constraintdef(c.oid, true) END,
       (SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(c.conkey) WITH ORDINALITY k(attnum, n)
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum),
       pg_get_expr(c.conbin, c.conrelid, true),
       c.confrelid,
       CASE WHEN c.confkey IS NOT NULL THEN
         (SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(c.confkey) WITH ORDINALITY k(attnum, n)
          JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.attnum) END,
       c.confupdtype, c.confdeltype,
       CASE WHEN c.confdelsetcols IS NOT NULL THEN
         (SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(c.confdelsetcols) WITH ORDINALITY k(attnum, n)
          JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum) END,
       c.confmatchtype, c.condeferrable, c.condeferred, c.convalidated, c.connoinherit,
       c.conislocal, c.conparentid, c.conindid,
       COALESCE((newer.columns ->> 'conenforced')::boolean, true),
       COALESCE((newer.columns ->> 'conperiod')::boolean, false),
       parent.conrelid
FROM pg_constraint c
JOIN pg_class r ON r.oid = c.conrelid
LEFT JOIN pg_constraint parent ON parent.oid = c.conparentid
-- NOT NULL constraints are by far the most, and plain; OFFSET 0 keeps the row from being converted for each use.
CROSS JOIN LATERAL (SELECT CASE WHEN c.contype <> 'n' THEN to_jsonb(c) END AS columns OFFSET 0) newer
WHERE c.conrelid >= 16384 AND r.relkind IN ('r', 'p') AND c.contype IN ('p', 'u', 'c', 'x', 'f', 'n')
ORDER BY c.conrelid, c.conname
