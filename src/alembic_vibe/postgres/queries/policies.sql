SELECT p.oid, p.polrelid, p.polname, p.polcmd, p.polpermissive,
       (SELECT array_agg(CASE WHEN role = 0 THEN 'public' ELSE pg_get_userbyid(role)::text END ORDER BY 1)
        FROM unnest(p.polroles) role),
       pg_get_expr(p.polqual, p.polrelid, true), pg_get_expr(p.polwithcheck, p.polrelid, true)
FROM pg_policy p
ORDER BY p.polrelid, p.polname
