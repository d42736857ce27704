<%!
    from textwrap import indent
%>
# Outside a transaction: each statement commits by itself, and can be run again after a failure.
with ${prefix}get_context().autocommit_block():
% for line in lines:
${indent(line, "    ")}
% endfor
