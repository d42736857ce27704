-- Every object with an access list: what it grants now, and what it would grant by default.
WITH objects AS (
  SELECT 'pg_class'::regclass::oid AS classid, c.oid AS objid, 0 AS subid, c.relacl AS acl, c.relowner AS owner,
         CASE WHEN c.relkind = 'S' THEN 's' ELSE 'r' END::"char" AS kind
  FROM pg_class c WHERE c.relacl IS NOT NULL AND c.oid >= 16384 AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
  UNION ALL
  SELECT 'pg_class'::regclass, a.attrelid, a.attnum, a.attacl, c.relowner, 'c'
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
  WHERE a.attacl IS NOT NULL AND a.attrelid >= 16384 AND NOT a.attisdropped
  UNION ALL
  SELECT 'pg_proc'::regclass, p.oid, 0, p.proacl, p.proowner, 'f' FROM pg_proc p WHERE p.proacl IS NOT NULL AND p.oid >= 16384
  UNION ALL
  SELECT 'pg_namespace'::regclass, n.oid, 0, n.nspacl, n.nspowner, 'n'
  FROM pg_namespace n WHERE n.nspacl IS NOT NULL AND (n.oid >= 16384 OR n.nspname = 'public')
  UNION ALL
  SELECT 'pg_type'::regclass, t.oid, 0, t.typacl, t.typowner, 'T' FROM pg_type t WHERE t.typacl IS NOT NULL AND t.oid >= 16384
), sides AS (
  SELECT o.classid, o.objid, o.subid, o.owner, true AS now, x.grantee, x.privilege_type, x.is_grantable
  FROM objects o, aclexplode(o.acl) x
  UNION ALL
  SELECT o.classid, o.objid, o.subid, o.owner, false, x.grantee, x.privilege_type, x.is_grantable
  FROM objects o
  LEFT JOIN pg_init_privs ip ON ip.classoid = o.classid AND ip.objoid = o.objid AND ip.objsubid = o.subid,
       aclexplode(COALESCE(ip.initprivs, acldefault(o.kind, o.owner))) x
)
SELECT s.classid, s.objid, s.subid, COALESCE(a.attname, '') AS column,
       CASE WHEN s.grantee = 0 THEN 'public' ELSE pg_get_userbyid(s.grantee) END AS grantee,
       array_agg(DISTINCT s.privilege_type) FILTER (WHERE s.now) AS now,
       array_agg(DISTINCT s.privilege_type) FILTER (WHERE s.now AND s.is_grantable) AS grantable,
       array_agg(DISTINCT s.privilege_type) FILTER (WHERE NOT s.now) AS by_default
FROM sides s
LEFT JOIN pg_attribute a ON s.subid > 0 AND a.attrelid = s.objid AND a.attnum = s.subid
WHERE s.grantee <> s.owner
GROUP BY 1, 2, 3, 4, 5
ORDER BY 1, 2, 3, 5
