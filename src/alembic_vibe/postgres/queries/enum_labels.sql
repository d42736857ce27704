SELECT enumtypid, array_agg(enumlabel::text ORDER BY enumsortorder) FROM pg_enum WHERE oid >= 16384 GROUP BY enumtypid
