${prefix}create_check_constraint(
    ${repr(name)},
    ${repr(str(operation.table_name))},
    ${condition},
% if operation.schema:
    schema=${repr(str(operation.schema))},
% endif
    postgresql_not_valid=True,
)
