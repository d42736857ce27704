class ${name}(${bases}):
% for group in groups:
% if not loop.first:

% endif
% for statement in group:
${unit}${statement}
% endfor
% endfor
