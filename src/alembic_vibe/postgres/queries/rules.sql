SELECT r.oid, r.ev_class, r.rulename, pg_get_ruledef(r.oid, true), r.ev_enabled
FROM pg_rewrite r WHERE r.oid >= 16384
ORDER BY r.ev_class, r.rulename
