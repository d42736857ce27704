${module.doc}
% for group in module.imports:

% for line in group:
${line}
% endfor
% endfor
% if module.type_checking:

if TYPE_CHECKING:
% for line in module.type_checking:
    ${line}
% endfor
% endif
% for block in module.enums:


class ${block.name}(${block.bases}):
% if block.doc:
    ${block.doc}

% endif
${"\n\n".join("\n".join(group) for group in block.groups)}
% endfor
% for table in module.tables:
${"\n" if loop.first and module.enums else ""}
${table}
% endfor
% for block in module.classes:


class ${block.name}(${block.bases}):
% if block.doc:
    ${block.doc}

% endif
${"\n\n".join("\n".join(group) for group in block.groups)}
% endfor
% if module.events:
${"\n" if module.classes or module.enums else ""}
# What create_all adds because SQLAlchemy 2.0 has no words for it.
% for line in module.events:
${line}
% endfor
% endif
