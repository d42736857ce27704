SELECT t.oid, t.tgrelid, t.tgname, pg_get_triggerdef(t.oid, true), t.tgconstraint <> 0, t.tgenabled, t.tgparentid <> 0
FROM pg_trigger t WHERE NOT t.tgisinternal AND t.oid >= 16384
ORDER BY t.tgrelid, t.tgname
