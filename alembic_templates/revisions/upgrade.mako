<%def name="commands(indent)">
% for line in before:
${indent}${line}
% endfor
% for paragraph in paragraphs:

% for line in paragraph.comment:
${indent}# ${line}
% endfor
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
% for line in notes:
    # ${line}
% endfor
% for check in checks:
    ${check}
% endfor
% if alone:
    # Outside a transaction: each statement commits by itself, and can be run again after a failure.
    with op.get_context().autocommit_block():
${capture(commands, "        ").strip("\n")}
% else:
${capture(commands, "    ").strip("\n")}
% endif
