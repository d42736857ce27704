"""migrate backfill locations.contact_phone

Section 5.5 of docs/06-technical-specification.md, lines 406 to 556.

Phase:           migrate (class D): beside both releases
Locks:           ROW EXCLUSIVE on locations
Reads whole:     locations
Old release:     nothing
New release:     nothing
Downgrade loses: nothing

Revision ID: 0024
Revises: 0023
Create Date: 2026-11-22 20:56:04.504188
"""

from collections.abc import Sequence
from textwrap import dedent

from alembic import op

revision: str = "0024"
down_revision: str | Sequence[str] | None = "0023"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # Outside a transaction: each statement commits by itself, and can be run again after a failure.
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = '2s'")
        op.execute("SET statement_timeout = 0")

        op.execute("CREATE SCHEMA IF NOT EXISTS vibe")

        op.execute(
            dedent("""
                DO $backfill$
                #variable_conflict use_column
                DECLARE
                    -- Rows at once, and seconds of rest between them: SET vibe.batch_size = 5000; SET vibe.pause = 0.1
                    vibe_size constant bigint := coalesce(nullif(current_setting('vibe.batch_size', true), '')::bigint, 1000);
                    vibe_pause constant double precision := coalesce(nullif(current_setting('vibe.pause', true), '')::double precision, 0.01);
                    vibe_job constant text := 'locations.contact_phone';
                    vibe_saved record;
                    vibe_count bigint;
                    vibe_total bigint := 0;
                    vibe_told timestamptz := clock_timestamp();
                    vibe_more boolean := true;
                    vibe_low_1 locations.id%TYPE;
                    vibe_high_1 locations.id%TYPE;
                    vibe_top_1 locations.id%TYPE;
                BEGIN
                    CREATE TABLE IF NOT EXISTS vibe.progress (job text PRIMARY KEY, low text[], top text[], total bigint NOT NULL);
                    SELECT low, top, total INTO vibe_saved FROM vibe.progress WHERE job = vibe_job;
                    IF FOUND THEN
                        vibe_low_1 := vibe_saved.low[1];
                        vibe_top_1 := vibe_saved.top[1];
                        vibe_total := vibe_saved.total;
                    ELSE
                        -- What is written from now on is complete, wherever its key lies.
                        SELECT id INTO vibe_low_1
                        FROM locations ORDER BY id LIMIT 1;
                        SELECT id INTO vibe_top_1
                        FROM locations ORDER BY id DESC LIMIT 1;
                        vibe_more := FOUND;
                        INSERT INTO vibe.progress
                        VALUES (vibe_job, ARRAY[vibe_low_1::text], ARRAY[vibe_top_1::text], 0);
                    END IF;
                    COMMIT;
                    WHILE vibe_more LOOP
                        PERFORM set_config('lock_timeout', '0', true), set_config('row_security', 'off', true);
                        SELECT id INTO vibe_high_1
                        FROM locations
                        WHERE id >= vibe_low_1
                            AND id <= vibe_top_1
                        ORDER BY id OFFSET vibe_size - 1 LIMIT 1;
                        IF NOT FOUND THEN
                            vibe_high_1 := vibe_top_1;
                        END IF;
                        PERFORM 1 FROM locations
                        WHERE id >= vibe_low_1
                            AND id <= vibe_high_1
                            AND (contact_phone IS DISTINCT FROM phone)
                        ORDER BY id FOR NO KEY UPDATE;
                        UPDATE locations SET contact_phone = phone
                        WHERE id >= vibe_low_1
                            AND id <= vibe_high_1
                            AND (contact_phone IS DISTINCT FROM phone);
                        GET DIAGNOSTICS vibe_count = ROW_COUNT;
                        vibe_total := vibe_total + vibe_count;
                        SELECT id INTO vibe_low_1
                        FROM locations
                        WHERE id > vibe_high_1
                            AND id <= vibe_top_1
                        ORDER BY id LIMIT 1;
                        vibe_more := FOUND;
                        IF vibe_more THEN
                            UPDATE vibe.progress SET low = ARRAY[vibe_low_1::text], total = vibe_total
                            WHERE job = vibe_job;
                        END IF;
                        COMMIT;
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
            """)
        )

        op.execute("RESET lock_timeout")
        op.execute("RESET statement_timeout")


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = '2s'")
        op.execute("SET statement_timeout = 0")

        op.execute(
            dedent("""
                DO $forget$
                BEGIN
                    IF to_regclass('vibe.progress') IS NOT NULL THEN
                        DELETE FROM vibe.progress WHERE job = 'locations.contact_phone';
                        IF NOT EXISTS (SELECT FROM vibe.progress) THEN
                            DROP TABLE vibe.progress;
                        END IF;
                    END IF;
                END
                $forget$
            """)
        )

        op.execute("RESET lock_timeout")
        op.execute("RESET statement_timeout")
