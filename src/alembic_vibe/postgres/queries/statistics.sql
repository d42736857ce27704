SELECT s.oid, n.nspname, s.stxname, s.stxrelid, pg_get_statisticsobjdef(s.oid),
       CASE WHEN s.stxstattarget >= 0 THEN s.stxstattarget END,
       CASE WHEN s.stxowner <> me.oid THEN pg_get_userbyid(s.stxowner) END
FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace
CROSS JOIN (SELECT oid FROM pg_roles WHERE rolname = current_user) me
WHERE s.oid >= 16384
ORDER BY n.nspname, s.stxname
