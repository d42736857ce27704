SELECT setval(${sequence}, m.highest)
FROM (SELECT max(${column}) AS highest FROM ${table}) AS m
WHERE m.highest > coalesce(pg_sequence_last_value(${sequence}), 0)
