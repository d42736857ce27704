% for line in notes:
    # ${line}
% endfor
% for line in timeouts:
    ${line}
% endfor
% for paragraph in paragraphs:

% for line in paragraph.comment:
    # ${line}
% endfor
% for statement in paragraph.statements:
    ${statement}
% endfor
% endfor
