{
  "schema": ${schema},
  "table": ${name},
  "after": ${after},
  "minimal": ${minimal},
  "second": ${second},
  "accepted": [
% for row in accepted:
    ${row}${"" if loop.last else ","}
% endfor
  ],
  "rejected": [
% for row in rejected:
    ${row}${"" if loop.last else ","}
% endfor
  ]
}
