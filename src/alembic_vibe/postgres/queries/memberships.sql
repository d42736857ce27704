-- Since PostgreSQL 16 a role can be granted by several others, and each grant has options: what holds is any of them.
SELECT role.rolname, member.rolname, bool_or(m.admin_option),
       NULLIF(bool_or((to_jsonb(m) ->> 'inherit_option')::boolean), member.rolinherit),
       COALESCE(bool_or((to_jsonb(m) ->> 'set_option')::boolean), true)
FROM pg_auth_members m
JOIN pg_roles role ON role.oid = m.roleid
JOIN pg_roles member ON member.oid = m.member
WHERE m.member <> 10 AND member.rolname !~ '^pg_' AND member.rolname <> session_user
GROUP BY role.rolname, member.rolname, member.rolinherit
ORDER BY 1, 2
