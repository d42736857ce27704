${prefix}create_foreign_key(
    ${repr(name)},
    ${repr(str(operation.source_table))},
    ${repr(str(operation.referent_table))},
    ${repr([str(one) for one in operation.local_cols])},
    ${repr([str(one) for one in operation.remote_cols])},
% for key, value in kwargs.items():
    ${key}=${repr(value if value is None or isinstance(value, bool) else str(value))},
% endfor
)
