# Outside a transaction: each statement commits by itself.
    with op.get_context().autocommit_block():
% for line in before:
        ${line}
% endfor
% if before:

% endif
% for statement in statements:
        ${statement}
% endfor
% if after:

% endif
% for line in after:
        ${line}
% endfor
