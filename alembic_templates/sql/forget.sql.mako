DO $forget$
BEGIN
    IF to_regclass('vibe.progress') IS NOT NULL THEN
        DELETE FROM vibe.progress WHERE job = ${job};
        IF NOT EXISTS (SELECT FROM vibe.progress) THEN
            DROP TABLE vibe.progress;
        END IF;
    END IF;
END
$forget$
