CREATE FUNCTION ${function}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $vibe$
#variable_conflict use_column
BEGIN
% if deletes:
    IF TG_OP = 'DELETE' THEN
        -- The release that deletes the row may not know that another one refers to it.
        PERFORM set_config('vibe.moving', 'on', true);
        DELETE FROM ${child} WHERE ${" AND ".join(f"{c} = OLD.{p}" for p, c in keys)};
        PERFORM set_config('vibe.moving', '', true);
        RETURN OLD;
    END IF;
% endif
% if grows:
    IF TG_OP = 'INSERT' THEN
        -- At the end of the transaction: the next release writes both rows by itself.
        INSERT INTO ${child} (${", ".join([c for p, c in keys] + [str(pair.child) for pair in pairs])})
        SELECT ${", ".join([p for p, c in keys] + [str(pair.parent) for pair in pairs])}
        FROM ${parent}
        WHERE ${" AND ".join(f"{p} = NEW.{p}" for p, c in keys)}
% if wanted:
            AND ${wanted}
% endif
        ON CONFLICT DO NOTHING;
        RETURN NULL;
    END IF;
% endif
    -- Only what has changed: the rest may still wait for its backfill.
    UPDATE ${child} SET
% for pair in pairs:
        ${pair.child} = CASE WHEN NEW.${pair.parent}${pair.text} IS DISTINCT FROM OLD.${pair.parent}${pair.text} THEN ${f"coalesce(NEW.{pair.parent}, {pair.child})" if pair.child_required else f"NEW.{pair.parent}"} ELSE ${pair.child} END${"" if loop.last else ","}
% endfor
    WHERE ${" AND ".join(f"{c} = NEW.{p}" for p, c in keys)}
        AND (
% for pair in pairs:
            ${"" if loop.first else "OR "}NEW.${pair.parent}${pair.text} IS DISTINCT FROM OLD.${pair.parent}${pair.text} AND ${pair.child}${pair.text} IS DISTINCT FROM NEW.${pair.parent}${pair.text}${f" AND NEW.{pair.parent} IS NOT NULL" if pair.child_required else ""}
% endfor
        );
% if grows:
    IF NOT FOUND AND (${" OR ".join(f"NEW.{pair.parent} IS NOT NULL" for pair in pairs)}) THEN
        INSERT INTO ${child} (${", ".join([c for p, c in keys] + [str(pair.child) for pair in pairs])})
        SELECT ${", ".join([f"NEW.{p}" for p, c in keys] + [f"NEW.{pair.parent}" for pair in pairs])}
        WHERE NOT EXISTS (SELECT FROM ${child} WHERE ${" AND ".join(f"{c} = NEW.{p}" for p, c in keys)})
% for pair in pairs:
% if pair.child_required:
            AND NEW.${pair.parent} IS NOT NULL
% endif
% endfor
        ON CONFLICT DO NOTHING;
    END IF;
% endif
    RETURN NULL;
END
$vibe$
