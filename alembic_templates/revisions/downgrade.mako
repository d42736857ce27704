<%def name="commands(indent)">
% for line in before:
${indent}${line}
% endfor
% if paragraphs:

% endif
% for paragraph in paragraphs:
% for statement in paragraph.statements:
${indent}${statement}
% endfor
% endfor
% if after:

% for line in after:
${indent}${line}
% endfor
% endif
</%def>\
% if alone and paragraphs:
    with op.get_context().autocommit_block():
${capture(commands, "        ").strip("\n")}
% elif alone:
    # Nothing to undo: what this revision checked or filled goes with the revisions before it.
    pass
% else:
${capture(commands, "    ").strip("\n")}
% endif
% for line in kept:
    # ${line}
% endfor
