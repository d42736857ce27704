WITH made AS (
    INSERT INTO ${table} AS t (${", ".join(columns)})${" OVERRIDING SYSTEM VALUE" if always else ""}
    SELECT
% for column, type in list(zip(columns, types)):
        v.${column}::${type}${"" if loop.last else ","}
% endfor
    FROM (
        VALUES
% for row in rows:
            (${", ".join(row)})${"" if loop.last else ","}
% endfor
    ) AS v (${", ".join(columns)})
    WHERE NOT EXISTS (SELECT FROM ${table} AS t WHERE ${" AND ".join(match)})
    RETURNING
        ${key}::text AS row_key,
        md5(ROW(${", ".join("t.%s" % column for column in columns)})::text) AS content
)
INSERT INTO ${state} (table_name, row_key, hash)
SELECT ${tag}, made.row_key, to_jsonb(made.content) FROM made
ON CONFLICT (table_name, row_key) DO UPDATE SET hash = excluded.hash
