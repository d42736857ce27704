SELECT oid, adrelid, adnum FROM pg_attrdef WHERE adrelid >= 16384
