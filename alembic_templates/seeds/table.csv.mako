% for name, value in head:
# ${name}: ${value}
% endfor
% for comment in comments:
${comment}
% endfor
% for line in lines:
${line}
% endfor
