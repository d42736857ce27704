% for line in timeouts:
    ${line}
% endfor
% if paragraphs:

% endif
% for paragraph in paragraphs:
% for line in paragraph.comment:
    # ${line}
% endfor
% for statement in paragraph.statements:
    ${statement}
% endfor
% endfor
% for line in kept:
    # ${line}
% endfor
