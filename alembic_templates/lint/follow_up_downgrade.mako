% if statements:
with op.get_context().autocommit_block():
% for statement in statements:
        ${statement}
% endfor
% else:
# Nothing to undo: what this revision checked or filled goes with the revisions before it.
    pass
% endif
