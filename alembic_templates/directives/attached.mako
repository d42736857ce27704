DO $check$
BEGIN
    IF NOT (SELECT indisvalid FROM pg_index WHERE indexrelid = ${index}::regclass) THEN
        RAISE EXCEPTION 'not every partition has its part of %', ${index}
            USING HINT = 'Build an index on each of the others, and attach it as the statements before this one do.';
    END IF;
END
$check$
