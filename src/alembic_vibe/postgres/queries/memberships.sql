SELECT pg_get_userbyid(m.roleid), pg_get_userbyid(m.member), m.admin_option
FROM pg_auth_members m
WHERE m.member <> 10 AND pg_get_userbyid(m.member) !~ '^pg_' AND pg_get_userbyid(m.member) <> session_user
ORDER BY 1, 2
