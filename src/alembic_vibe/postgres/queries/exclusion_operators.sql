SELECT c.oid, (SELECT array_agg(CASE WHEN pg_operator_is_visible(o.oid) THEN o.oprname::text
                       ELSE 'OPERATOR(' || quote_ident(n.nspname) || '.' || o.oprname || ')' END ORDER BY k.n)
               FROM unnest(c.conexclop) WITH ORDINALITY k(operator, n)
               JOIN pg_operator o ON o.oid = k.operator JOIN pg_namespace n ON n.oid = o.oprnamespace)
FROM pg_constraint c WHERE c.contype = 'x' AND c.oid >= 16384
