SELECT d.classid, d.objid, d.refclassid, d.refobjid, d.deptype, d.refobjsubid FROM pg_depend d
WHERE d.deptype IN ('n', 'a', 'i', 'P', 'S') AND d.objid >= 16384 AND (d.refobjid >= 16384)
