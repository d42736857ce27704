DO $check$
DECLARE
    found bigint;
BEGIN
    found := (${query});
    IF found > 0 THEN
        RAISE EXCEPTION 'not yet: % %', found, ${message};
    END IF;
END
$check$
