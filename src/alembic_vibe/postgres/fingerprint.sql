-- See fingerprint.py: one row for each system catalog, its number of rows and a hash of them that knows no order.
-- Access lists are compared with their defaults filled in and in a fixed order, because GRANT and REVOKE together leave
-- the default written out. The sub-selects on them are slow, so the many lists that are not set are spared them.
SELECT 'relations', count(*) || ':' || bit_xor(hash_record_extended(ROW(oid, relname, relnamespace, relkind,
         relpersistence, relnatts, relam, reltablespace, reloptions, relowner, relrowsecurity, relforcerowsecurity,
         relispartition, relreplident, relpartbound::text, CASE WHEN relacl IS NULL
           THEN ARRAY[(acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner))[1]::text]
           ELSE (SELECT array_agg(item::text ORDER BY item::text) FROM unnest(relacl) item) END), 0))
       FROM pg_class WHERE oid >= 16384
UNION ALL SELECT 'columns', count(*) || ':' || bit_xor(hash_record_extended(ROW(attrelid, attnum, attname, atttypid,
         atttypmod, attnotnull, attidentity, attgenerated, attcollation, attstorage, attcompression, attstattarget,
         attislocal, attinhcount, attisdropped, attoptions, CASE WHEN attacl IS NOT NULL
           THEN (SELECT array_agg(item::text ORDER BY item::text) FROM unnest(attacl) item) END), 0))
       FROM pg_attribute WHERE attrelid >= 16384 AND (attnum > 0 OR attacl IS NOT NULL)
UNION ALL SELECT 'defaults', count(*) || ':' || bit_xor(hash_record_extended(ROW(oid, adrelid, adnum, adbin::text), 0))
       FROM pg_attrdef WHERE oid >= 16384
UNION ALL SELECT 'constraints', count(*) || ':' || bit_xor(hashtextextended(c::text, 0))
       FROM pg_constraint c WHERE oid >= 16384
UNION ALL SELECT 'indexes', count(*) || ':' || bit_xor(hashtextextended(i::text, 0))
       FROM pg_index i WHERE indexrelid >= 16384
UNION ALL SELECT 'inheritance', md5(string_agg(i::text, E'\n' ORDER BY inhrelid, inhseqno)) FROM pg_inherits i
UNION ALL SELECT 'functions', md5(string_agg(concat_ws('|', to_jsonb(p) - 'proacl',
         (SELECT array_agg(item::text ORDER BY item::text) FROM unnest(COALESCE(proacl, acldefault('f', proowner))) item)),
         E'\n' ORDER BY oid)) FROM pg_proc p WHERE oid >= 16384
UNION ALL SELECT 'types', count(*) || ':' || bit_xor(hash_record_extended(ROW(
         CASE WHEN typacl IS NULL THEN t ELSE jsonb_populate_record(t, '{"typacl": null}') END::text,
         CASE WHEN typacl IS NOT NULL THEN (SELECT NULLIF(array_agg(item::text ORDER BY item::text), (SELECT array_agg(
           item::text ORDER BY item::text) FROM unnest(acldefault('T', typowner)) item)) FROM unnest(typacl) item) END), 0))
       FROM pg_type t WHERE oid >= 16384
UNION ALL SELECT 'enums', md5(string_agg(e::text, E'\n' ORDER BY oid)) FROM pg_enum e WHERE oid >= 16384
UNION ALL SELECT 'triggers', md5(string_agg(t::text, E'\n' ORDER BY oid)) FROM pg_trigger t WHERE oid >= 16384
UNION ALL SELECT 'rules', md5(string_agg(r::text, E'\n' ORDER BY oid)) FROM pg_rewrite r WHERE oid >= 16384
UNION ALL SELECT 'policies', md5(string_agg(p::text, E'\n' ORDER BY oid)) FROM pg_policy p
UNION ALL SELECT 'statistics', md5(string_agg(s::text, E'\n' ORDER BY oid)) FROM pg_statistic_ext s
UNION ALL SELECT 'sequences', md5(string_agg(s::text, E'\n' ORDER BY seqrelid)) FROM pg_sequence s
UNION ALL SELECT 'schemas', md5(string_agg(concat_ws('|', oid, nspname, nspowner,
         (SELECT array_agg(item::text ORDER BY item::text) FROM unnest(COALESCE(nspacl, acldefault('n', nspowner))) item)),
         E'\n' ORDER BY oid)) FROM pg_namespace n WHERE n.nspname !~ '^pg_'
UNION ALL SELECT 'extensions', md5(string_agg(e::text, E'\n' ORDER BY oid)) FROM pg_extension e
UNION ALL SELECT 'comments', md5(string_agg(d::text, E'\n' ORDER BY classoid, objoid, objsubid))
       FROM pg_description d WHERE objoid >= 16384 OR objoid = 2200
UNION ALL SELECT 'default privileges', md5(string_agg(d::text, E'\n' ORDER BY oid)) FROM pg_default_acl d
UNION ALL SELECT 'memberships', md5(string_agg(concat_ws('|', roleid, member, admin_option), E'\n' ORDER BY roleid, member))
       FROM pg_auth_members
UNION ALL SELECT 'event triggers', md5(string_agg(e::text, E'\n' ORDER BY oid)) FROM pg_event_trigger e
UNION ALL SELECT 'publications', md5(string_agg(p::text, E'\n' ORDER BY oid)) FROM pg_publication p
UNION ALL SELECT 'collations', md5(string_agg(c::text, E'\n' ORDER BY oid)) FROM pg_collation c WHERE oid >= 16384
UNION ALL SELECT 'text search', md5(string_agg(c::text, E'\n' ORDER BY oid)) FROM pg_ts_config c WHERE oid >= 16384
UNION ALL SELECT 'operators', md5(string_agg(o::text, E'\n' ORDER BY oid)) FROM pg_operator o WHERE oid >= 16384
UNION ALL SELECT 'casts', md5(string_agg(c::text, E'\n' ORDER BY oid)) FROM pg_cast c WHERE oid >= 16384
