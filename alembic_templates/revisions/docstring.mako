% if section:
Section ${section} of ${document}, lines ${first_line} to ${last_line}.
% endif
% if facts and section:

% endif
% if contents:
Makes ${contents}.
% endif
% for name, lines in facts:
% for line in lines:
${("%s:" % name if loop.first else "").ljust(17)}${line}
% endfor
% endfor
