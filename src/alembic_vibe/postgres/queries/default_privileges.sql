WITH sides AS (
  SELECT d.oid, d.defaclrole, true AS now, x.grantee, x.privilege_type, x.is_grantable
  FROM pg_default_acl d, aclexplode(d.defaclacl) x
  UNION ALL
  SELECT d.oid, d.defaclrole, false, x.grantee, x.privilege_type, x.is_grantable
  FROM pg_default_acl d, aclexplode(acldefault(
         CASE d.defaclobjtype WHEN 'S' THEN 's' ELSE d.defaclobjtype END::"char", d.defaclrole)) x
  WHERE d.defaclnamespace = 0
)
SELECT CASE WHEN pg_get_userbyid(d.defaclrole) = current_user THEN '' ELSE pg_get_userbyid(d.defaclrole) END,
       COALESCE(n.nspname, ''), d.defaclobjtype,
       CASE WHEN s.grantee = 0 THEN 'public' ELSE pg_get_userbyid(s.grantee) END,
       array_agg(DISTINCT s.privilege_type) FILTER (WHERE s.now),
       array_agg(DISTINCT s.privilege_type) FILTER (WHERE s.now AND s.is_grantable),
       array_agg(DISTINCT s.privilege_type) FILTER (WHERE NOT s.now)
FROM pg_default_acl d
JOIN sides s ON s.oid = d.oid
LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
WHERE s.grantee <> d.defaclrole
GROUP BY 1, 2, 3, 4
ORDER BY 1, 2, 3, 4
