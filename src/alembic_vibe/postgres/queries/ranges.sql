SELECT r.rngtypid, format_type(r.rngsubtype, NULL), m.typname,
       CASE WHEN NOT o.opcdefault THEN CASE WHEN pg_opclass_is_visible(o.oid) THEN quote_ident(o.opcname)
            ELSE quote_ident(opn.nspname) || '.' || quote_ident(o.opcname) END END,
       CASE WHEN r.rngcollation <> 0 AND r.rngcollation <> s.typcollation THEN r.rngcollation::regcollation::text END,
       CASE WHEN r.rngcanonical <> 0 THEN r.rngcanonical::text END,
       CASE WHEN r.rngsubdiff <> 0 THEN r.rngsubdiff::text END
FROM pg_range r
JOIN pg_type m ON m.oid = r.rngmultitypid
JOIN pg_type s ON s.oid = r.rngsubtype
JOIN pg_opclass o ON o.oid = r.rngsubopc
JOIN pg_namespace opn ON opn.oid = o.opcnamespace
WHERE r.rngtypid >= 16384
