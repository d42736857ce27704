DO $vibe$
BEGIN
    LOOP
        ${statement.replace("\n", "\n        ")};
        EXIT WHEN NOT FOUND;
    END LOOP;
END $vibe$
