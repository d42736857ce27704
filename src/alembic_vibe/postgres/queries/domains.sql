SELECT t.oid, t.typbasetype, format_type(t.typbasetype, t.typtypmod), t.typnotnull,
       pg_get_expr(t.typdefaultbin, 0, true),
       CASE WHEN t.typcollation <> b.typcollation THEN t.typcollation::regcollation::text END
FROM pg_type t JOIN pg_type b ON b.oid = t.typbasetype
WHERE t.typtype = 'd' AND t.oid >= 16384
