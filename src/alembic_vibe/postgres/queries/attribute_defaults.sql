SELECT oid, adrelid FROM pg_attrdef WHERE adrelid >= 16384
