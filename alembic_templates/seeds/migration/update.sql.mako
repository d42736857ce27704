UPDATE ${table} AS t
SET
% for column, _, after, held in changes:
    ${column} = CASE WHEN ${held} THEN v.${after} ELSE t.${column} END${"" if loop.last else ","}
% endfor
FROM (
    SELECT
% for column, type in types:
        v.${column}::${type}${"" if loop.last else ","}
% endfor
    FROM (
        VALUES
% for row in rows:
            (${", ".join(row)})${"" if loop.last else ","}
% endfor
    ) AS v (${", ".join(column for column, _ in types)})
) AS v
WHERE ${" AND ".join(match)}
    AND (${" OR ".join(held for _, _, _, held in changes)})
