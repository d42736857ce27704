"""The models of ${package}, one module for each section of its specification."""

% for line in imports:
${line}
% endfor
% if heirs:

# Parents are made before the tables that inherit from them.
% for line in heirs:
${line}
% endfor
% endif

__all__ = [
% for name in names:
    "${name}",
% endfor
]
