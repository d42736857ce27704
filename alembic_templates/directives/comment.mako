<%!
    from textwrap import wrap
%>
% for paragraph in text.split("\n"):
% for line in wrap(paragraph, 108, break_long_words=False, break_on_hyphens=False):
# ${line}
% endfor
% endfor
