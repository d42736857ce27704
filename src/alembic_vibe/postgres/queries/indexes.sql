-- Every index of a table or materialised view; those behind constraints are told apart by the reader.
SELECT i.indexrelid, i.indrelid, n.nspname, ic.relname, pg_get_indexdef(i.indexrelid, 0, true),
       i.indisunique, am.amname, i.indnkeyatts,
       keys.columns, keys.texts, keys.collations, keys.opclasses, keys.opclass_options, i.indoption::int[],
       pg_get_expr(i.indpred, i.indrelid, true), i.indnullsnotdistinct, ic.reloptions, ts.spcname,
       i.indisclustered, i.indisvalid, ic.relispartition, keys.statistics
FROM pg_index i
JOIN pg_class ic ON ic.oid = i.indexrelid
JOIN pg_namespace n ON n.oid = ic.relnamespace
JOIN pg_am am ON am.oid = ic.relam
LEFT JOIN pg_tablespace ts ON ts.oid = ic.reltablespace
CROSS JOIN LATERAL (
  SELECT array_agg(a.attname::text ORDER BY k.n) AS columns,
         array_agg(CASE WHEN k.attnum > 0 THEN quote_ident(a.attname)
                        ELSE pg_get_indexdef(i.indexrelid, k.n::int, true) END ORDER BY k.n) AS texts,
         array_agg(CASE WHEN k.n <= i.indnkeyatts AND i.indcollation[k.n - 1] <> 0
                         AND i.indcollation[k.n - 1] IS DISTINCT FROM a.attcollation
                        THEN (i.indcollation[k.n - 1])::regcollation::text END ORDER BY k.n) AS collations,
         array_agg(CASE WHEN k.n <= i.indnkeyatts AND NOT o.opcdefault
                        THEN CASE WHEN pg_opclass_is_visible(o.oid) THEN quote_ident(o.opcname)
                             ELSE quote_ident(opn.nspname) || '.' || quote_ident(o.opcname) END END ORDER BY k.n)
           AS opclasses,
         array_agg(array_to_string(ia.attoptions, ', ') ORDER BY k.n) AS opclass_options,
         array_agg(CASE WHEN ia.attstattarget >= 0 THEN ia.attstattarget::int END ORDER BY k.n) AS statistics
  FROM unnest(i.indkey::int2[]) WITH ORDINALITY k(attnum, n)
  LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum AND k.attnum > 0
  LEFT JOIN pg_opclass o ON k.n <= i.indnkeyatts AND o.oid = i.indclass[k.n - 1]
  LEFT JOIN pg_namespace opn ON opn.oid = o.opcnamespace
  LEFT JOIN pg_attribute ia ON ia.attrelid = i.indexrelid AND ia.attnum = k.n
) keys
WHERE i.indexrelid >= 16384 AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'vibe_scratch')
ORDER BY n.nspname, ic.relname
