<%
    def row(text):
        return f"({text})" if len(keys) > 1 else text
    all_keys, low, top, high = row(", ".join(keys)), row(variables("low")), row(variables("top")), row(variables("high"))
%>DO $backfill$
#variable_conflict use_column
DECLARE
    -- Rows at once, and seconds of rest between them: SET vibe.batch_size = 5000; SET vibe.pause = 0.1
    vibe_size constant bigint := coalesce(nullif(current_setting('vibe.batch_size', true), '')::bigint, 1000);
    vibe_pause constant double precision := coalesce(nullif(current_setting('vibe.pause', true), '')::double precision, 0.01);
    vibe_job constant text := ${job};
    vibe_saved record;
    vibe_count bigint;
    vibe_total bigint := 0;
    vibe_told timestamptz := clock_timestamp();
    vibe_more boolean := true;
% if keys:
% for number, name in enumerate(keys, 1):
    vibe_low_${number} ${table}.${name}%TYPE;
    vibe_high_${number} ${table}.${name}%TYPE;
    vibe_top_${number} ${table}.${name}%TYPE;
% endfor
% else:
    vibe_low bigint := 0;
    vibe_top bigint;
    vibe_blocks bigint;
    vibe_pass_total bigint := 0;
    vibe_pass_before bigint := 9223372036854775807;
% endif
BEGIN
    CREATE TABLE IF NOT EXISTS vibe.progress (job text PRIMARY KEY, low text[], top text[], total bigint NOT NULL);
    SELECT low, top, total INTO vibe_saved FROM vibe.progress WHERE job = vibe_job;
% if keys:
    IF FOUND THEN
% for number, name in enumerate(keys, 1):
        vibe_low_${number} := vibe_saved.low[${number}];
        vibe_top_${number} := vibe_saved.top[${number}];
% endfor
        vibe_total := vibe_saved.total;
    ELSE
        -- What is written from now on is complete, wherever its key lies.
        SELECT ${", ".join(keys)} INTO ${variables("low")}
        FROM ${table} ORDER BY ${", ".join(keys)} LIMIT 1;
        SELECT ${", ".join(keys)} INTO ${variables("top")}
        FROM ${table} ORDER BY ${", ".join(f"{name} DESC" for name in keys)} LIMIT 1;
        vibe_more := FOUND;
        INSERT INTO vibe.progress
        VALUES (vibe_job, ARRAY[${variables("low", "::text")}], ARRAY[${variables("top", "::text")}], 0);
    END IF;
    COMMIT;
    WHILE vibe_more LOOP
        PERFORM set_config('lock_timeout', '0', true), set_config('row_security', 'off', true);
        SELECT ${", ".join(keys)} INTO ${variables("high")}
        FROM ${table}
        WHERE ${all_keys} >= ${low}
            AND ${all_keys} <= ${top}
        ORDER BY ${", ".join(keys)} OFFSET vibe_size - 1 LIMIT 1;
        IF NOT FOUND THEN
% for number, name in enumerate(keys, 1):
            vibe_high_${number} := vibe_top_${number};
% endfor
        END IF;
        PERFORM 1 FROM ${table}
        WHERE ${all_keys} >= ${low}
            AND ${all_keys} <= ${high}
            AND (${where})
        ORDER BY ${", ".join(keys)} FOR NO KEY UPDATE;
        ${change}
        WHERE ${all_keys} >= ${low}
            AND ${all_keys} <= ${high}
            AND (${where})${after};
        GET DIAGNOSTICS vibe_count = ROW_COUNT;
        vibe_total := vibe_total + vibe_count;
        SELECT ${", ".join(keys)} INTO ${variables("low")}
        FROM ${table}
        WHERE ${all_keys} > ${high}
            AND ${all_keys} <= ${top}
        ORDER BY ${", ".join(keys)} LIMIT 1;
        vibe_more := FOUND;
        IF vibe_more THEN
            UPDATE vibe.progress SET low = ARRAY[${variables("low", "::text")}], total = vibe_total
            WHERE job = vibe_job;
        END IF;
        COMMIT;
% else:
    -- Rows without a key are found by where they lie; passes are repeated, since updates move rows about.
    IF FOUND THEN
        vibe_low := vibe_saved.low[1];
        vibe_total := vibe_saved.total;
    ELSE
        INSERT INTO vibe.progress VALUES (vibe_job, ARRAY['0'], NULL, 0);
    END IF;
    COMMIT;
    WITH RECURSIVE tree (relation) AS (
        SELECT ${literal}::regclass::oid
        UNION ALL
        SELECT inhrelid FROM pg_inherits JOIN tree ON inhparent = relation
    )
    SELECT max(pg_relation_size(relation)) / current_setting('block_size')::bigint,
        greatest(1, vibe_size / 50 / count(*))
    INTO vibe_top, vibe_blocks FROM tree;
    WHILE vibe_more LOOP
        PERFORM set_config('lock_timeout', '0', true), set_config('row_security', 'off', true);
        PERFORM 1 FROM ${table}
        WHERE ctid >= format('(%s,0)', vibe_low)::tid AND ctid < format('(%s,0)', vibe_low + vibe_blocks)::tid
            AND (${where})
        FOR NO KEY UPDATE;
        ${change}
        WHERE ctid >= format('(%s,0)', vibe_low)::tid AND ctid < format('(%s,0)', vibe_low + vibe_blocks)::tid
            AND (${where})${after};
        GET DIAGNOSTICS vibe_count = ROW_COUNT;
        vibe_total := vibe_total + vibe_count;
        vibe_pass_total := vibe_pass_total + vibe_count;
        vibe_low := vibe_low + vibe_blocks;
        IF vibe_low > vibe_top THEN
            -- Where the expression gives nothing, a row is never done: a pass without progress is the last one.
            vibe_more := vibe_pass_total > 0 AND vibe_pass_total < vibe_pass_before
                AND EXISTS (SELECT FROM ${table} WHERE ${where});
            vibe_pass_before := vibe_pass_total;
            vibe_low := 0;
            vibe_pass_total := 0;
        END IF;
        UPDATE vibe.progress SET low = ARRAY[vibe_low::text], total = vibe_total WHERE job = vibe_job;
        COMMIT;
% endif
        IF clock_timestamp() > vibe_told + interval '5 seconds' THEN
            RAISE NOTICE '%: % rows so far', vibe_job, vibe_total;
            vibe_told := clock_timestamp();
        END IF;
        IF vibe_more THEN
            PERFORM pg_sleep(vibe_pause);
        END IF;
    END LOOP;
    RAISE NOTICE '%: % rows', vibe_job, vibe_total;
    DELETE FROM vibe.progress WHERE job = vibe_job;
    IF NOT EXISTS (SELECT FROM vibe.progress) THEN
        DROP TABLE vibe.progress;
    END IF;
END
$backfill$
