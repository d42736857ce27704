<%def name="feature(section)">\
${"###"} ${section.number} ${section.title}

% if section.context:
**Feature Context:** ${section.context}.

% endif
% for place, heading in enumerate(section.headings, 1):
${"####"} ${f"{section.number}.{place} " if section.labelled else ""}${heading.title}

% for found in heading.fences:
% if found.words:
${found.words}

% endif
${fence(found)}
% endfor
% endfor
</%def>\
<%def name="fence(found)">\
${ticks(found)}sql
% for place, group in enumerate(found.groups):
% if place:

% endif
% for statement in group:
${statement};
% endfor
% endfor
${ticks(found)}
</%def>\
