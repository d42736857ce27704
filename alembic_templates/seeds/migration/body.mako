% for comment, statements in paragraphs:

% if comment:
    # ${comment}
% endif
% for statement in statements:
    ${statement}
% endfor
% endfor
