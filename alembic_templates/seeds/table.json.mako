{
  "schema": ${schema},
  "table": ${name},
  "key": ${key},
  "source": ${source},
% if origin:
  "origin": ${origin},
% endif
  "rows": [
% for row in rows:
    ${row}${"" if loop.last else ","}
% endfor
  ]
}
