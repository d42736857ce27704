{
  "schema": ${schema},
  "table": ${name},
  "key": ${key},
  "source": ${source},
  "rows": [
% for row in rows:
    ${row}${"" if loop.last else ","}
% endfor
  ]
}
