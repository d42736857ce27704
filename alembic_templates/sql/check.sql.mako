DO $check$
DECLARE
    found bigint;
BEGIN
    found := (${query});
    IF found > 0 THEN
        RAISE EXCEPTION 'not yet: % %', found, ${message}
            USING HINT = 'This revision has changed nothing. Mend these rows, then upgrade again.';
    END IF;
END
$check$
