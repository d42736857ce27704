SELECT e.oid, e.evtname, e.evtevent, e.evtfoid::regproc::text, e.evtenabled, e.evttags,
       CASE WHEN e.evtowner <> me.oid THEN pg_get_userbyid(e.evtowner) END
FROM pg_event_trigger e, (SELECT oid FROM pg_roles WHERE rolname = current_user) me
WHERE e.evtname !~ '^vibe_'
  AND NOT EXISTS (SELECT FROM pg_depend d
                  WHERE d.classid = 'pg_event_trigger'::regclass AND d.objid = e.oid AND d.deptype = 'e')
ORDER BY e.evtname
