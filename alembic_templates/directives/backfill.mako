DO $backfill$
DECLARE
    low bigint;
    top bigint;
    filled bigint;
    found_more boolean;
BEGIN
    LOOP
        -- A few blocks of the table at once. Rows move when they are written, so the passes are repeated.
        WITH RECURSIVE tree (relation) AS (
            SELECT ${literal}::regclass::oid
            UNION ALL
            SELECT inhrelid FROM pg_inherits JOIN tree ON inhparent = relation
        )
        SELECT max(pg_relation_size(relation)) / current_setting('block_size')::bigint INTO top FROM tree;
        low := 0;
        found_more := false;
        WHILE low <= top LOOP
            UPDATE ${table} SET ${column} = DEFAULT
            WHERE ctid >= format('(%s,0)', low)::tid AND ctid < format('(%s,0)', low + 20)::tid AND ${column} IS NULL;
            GET DIAGNOSTICS filled = ROW_COUNT;
            found_more := found_more OR filled > 0;
            low := low + 20;
            COMMIT;
        END LOOP;
        EXIT WHEN NOT found_more;
    END LOOP;
END
$backfill$
