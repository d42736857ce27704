-- ${title}: run it beside the application, once the revisions before it are applied:
--
--     psql "$DATABASE_URL" -v ON_ERROR_STOP=1 -f ${path}
--
-- It commits batch after batch and may be stopped at any time: a second run goes on where the first one was.
% for check in checks:
-- The contract is refused while it finds ${check}.
% endfor
SET vibe.batch_size = 1000;
SET vibe.pause = 0.01; -- seconds between two batches
SET statement_timeout = 0;
% for statement in statements:

${statement};
% endfor
