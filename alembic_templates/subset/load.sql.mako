<%page expression_filter="n"/>\
-- A masked share of a database. Load it into an empty database that is at the same revision, as the owner of its tables:
--
--     cd THIS_FOLDER && psql --no-psqlrc -d DATABASE -f load.sql
--
-- All rows go in, or none. Constraints stay on.
\set ON_ERROR_STOP on
SET client_encoding = 'UTF8';
BEGIN;
% for line in settings:
${line};
% endfor
% for line in before:
${line};
% endfor
% for line in loads:
${line}
% endfor
% for line in after:
${line};
% endfor
COMMIT;
