<%
    def emptied():
        return ", ".join(f"{pair.parent} = NULL" for pair in pairs if not pair.parent_required)
    def filled():
        return " OR ".join(f"{pair.parent} IS NOT NULL" for pair in pairs if not pair.parent_required)
    def value(pair):
        return f"coalesce(NEW.{pair.child}, {pair.parent})" if pair.parent_required else f"NEW.{pair.child}"
    def differs(pair):
        text = f"{pair.parent}{pair.text} IS DISTINCT FROM NEW.{pair.child}{pair.text}"
        return f"{text} AND NEW.{pair.child} IS NOT NULL" if pair.parent_required else text
    def changed(pair):
        return f"NEW.{pair.child}{pair.text} IS DISTINCT FROM OLD.{pair.child}{pair.text}"
    rekeyed = " OR ".join(f"NEW.{c} IS DISTINCT FROM OLD.{c}" for p, c in keys)
    of_new = " AND ".join(f"{p} = NEW.{c}" for p, c in keys)
    of_old = " AND ".join(f"{p} = OLD.{c}" for p, c in keys)
%>CREATE FUNCTION ${function}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $vibe$
#variable_conflict use_column
DECLARE
    vibe_whole boolean := TG_OP = 'INSERT';
BEGIN
    IF TG_WHEN = 'BEFORE' THEN
        -- Whoever writes a value locks the parent's row first: two writers wait for each other there.
        PERFORM FROM ${parent} WHERE ${of_new} FOR NO KEY UPDATE;
% if pulls:
        IF TG_OP = 'UPDATE' THEN
            IF NOT (${rekeyed}) OR ${" OR ".join(changed(pair) for pair in pairs)} THEN
                RETURN NEW;
            END IF;
        ELSIF ${" OR ".join(f"NEW.{pair.child} IS NOT NULL" for pair in pairs)} THEN
            RETURN NEW;
        END IF;
        -- The running release does not know the columns: they say what the other table says.
        SELECT ${", ".join(str(pair.parent) for pair in pairs)} INTO ${", ".join(f"NEW.{pair.child}" for pair in pairs)}
        FROM ${parent} WHERE ${of_new};
% endif
        RETURN NEW;
    END IF;
% if not pulls:
    IF TG_OP = 'DELETE' THEN
% if deletes:
        IF current_setting('vibe.moving', true) = 'on' THEN
            RETURN NULL;
        END IF;
% endif
        UPDATE ${parent} SET ${emptied()} WHERE ${of_old} AND (${filled()});
        RETURN NULL;
    END IF;
% endif
    IF TG_OP = 'UPDATE' THEN
        vibe_whole := ${rekeyed};
% if not pulls:
        IF vibe_whole THEN
            UPDATE ${parent} SET ${emptied()} WHERE ${of_old} AND (${filled()});
        END IF;
% endif
    END IF;
    IF vibe_whole THEN
        UPDATE ${parent} SET ${", ".join(f"{pair.parent} = {value(pair)}" for pair in pairs)}
        WHERE ${of_new} AND (${" OR ".join(differs(pair) for pair in pairs)});
    ELSIF ${" OR ".join(changed(pair) for pair in pairs)} THEN
        PERFORM FROM ${parent} WHERE ${of_new} FOR NO KEY UPDATE;
        UPDATE ${parent} SET
% for pair in pairs:
            ${pair.parent} = CASE WHEN ${changed(pair)} THEN ${value(pair)} ELSE ${pair.parent} END${"" if loop.last else ","}
% endfor
        WHERE ${of_new}
            AND (
% for pair in pairs:
                ${"" if loop.first else "OR "}${changed(pair)} AND ${differs(pair)}
% endfor
            );
    END IF;
    RETURN NULL;
END
$vibe$
