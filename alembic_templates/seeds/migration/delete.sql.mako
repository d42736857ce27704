DELETE FROM ${table} AS t USING ${state} AS s
WHERE s.table_name = ${tag} AND s.row_key = ${key}::text
    AND s.hash = to_jsonb(md5(ROW(${", ".join("t.%s" % column for column in columns)})::text))
% for reference in references:
    AND NOT EXISTS (SELECT FROM ${reference.table} AS r WHERE ${" AND ".join(reference.match)})
% endfor
