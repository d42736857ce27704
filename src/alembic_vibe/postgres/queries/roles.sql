SELECT r.oid, r.rolname, r.rolcanlogin, r.rolsuper, r.rolinherit, r.rolcreatedb, r.rolcreaterole, r.rolreplication,
       r.rolbypassrls, r.rolconnlimit, s.setconfig, shobj_description(r.oid, 'pg_authid')
FROM pg_roles r
LEFT JOIN pg_db_role_setting s ON s.setrole = r.oid AND s.setdatabase = 0
WHERE r.rolname !~ '^pg_' AND r.oid <> 10 AND r.rolname <> session_user
ORDER BY r.rolname
