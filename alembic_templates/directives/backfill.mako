DO $backfill$
#variable_conflict use_column
DECLARE
    vibe_low bigint;
    vibe_top bigint;
    vibe_filled bigint;
    vibe_total bigint;
    vibe_total_before bigint := 9223372036854775807;
BEGIN
    LOOP
        -- A few blocks of the table at once. Rows move when they are written, so the passes are repeated.
        WITH RECURSIVE tree (relation) AS (
            SELECT ${literal}::regclass::oid
            UNION ALL
            SELECT inhrelid FROM pg_inherits JOIN tree ON inhparent = relation
        )
        SELECT max(pg_relation_size(relation)) / current_setting('block_size')::bigint INTO vibe_top FROM tree;
        vibe_low := 0;
        vibe_total := 0;
        WHILE vibe_low <= vibe_top LOOP
            UPDATE ${table} SET ${column} = DEFAULT
            WHERE ctid >= format('(%s,0)', vibe_low)::tid AND ctid < format('(%s,0)', vibe_low + 20)::tid
                AND ${column} IS NULL;
            GET DIAGNOSTICS vibe_filled = ROW_COUNT;
            vibe_total := vibe_total + vibe_filled;
            vibe_low := vibe_low + 20;
            COMMIT;
        END LOOP;
        -- A default that gives nothing would go on for ever.
        EXIT WHEN vibe_total = 0 OR vibe_total >= vibe_total_before;
        vibe_total_before := vibe_total;
    END LOOP;
END
$backfill$
