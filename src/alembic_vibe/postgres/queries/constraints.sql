SELECT c.oid, c.conrelid, c.conname, c.contype, pg_get_constraintdef(c.oid, true),
       (SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(c.conkey) WITH ORDINALITY k(attnum, n)
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum),
       pg_get_expr(c.conbin, c.conrelid, true),
       c.confrelid,
       (SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(c.confkey) WITH ORDINALITY k(attnum, n)
        JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.attnum),
       c.confupdtype, c.confdeltype,
       (SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(c.confdelsetcols) WITH ORDINALITY k(attnum, n)
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum),
       c.confmatchtype, c.condeferrable, c.condeferred, c.convalidated, c.connoinherit,
       c.conislocal, c.conparentid, c.conindid,
       COALESCE((to_jsonb(c) ->> 'conenforced')::boolean, true),
       COALESCE((to_jsonb(c) ->> 'conperiod')::boolean, false),
       parent.conrelid
FROM pg_constraint c
JOIN pg_class r ON r.oid = c.conrelid
LEFT JOIN pg_constraint parent ON parent.oid = c.conparentid
WHERE c.conrelid >= 16384 AND r.relkind IN ('r', 'p') AND c.contype IN ('p', 'u', 'c', 'x', 'f', 'n')
ORDER BY c.conrelid, c.conname
