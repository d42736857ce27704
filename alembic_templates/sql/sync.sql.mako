CREATE FUNCTION ${function}() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $vibe$
#variable_conflict use_column
BEGIN
% for pair in pairs:
    IF TG_OP = 'INSERT' THEN
        IF NEW.${pair.new} IS NOT NULL THEN
            ${pair.write_old}
        ELSE
            NEW.${pair.new} := ${pair.up};
        END IF;
    ELSIF NEW.${pair.new}${pair.new_text} IS DISTINCT FROM OLD.${pair.new}${pair.new_text} THEN
        ${pair.write_old}
    ELSIF NEW.${pair.old}${pair.old_text} IS DISTINCT FROM OLD.${pair.old}${pair.old_text} THEN
        NEW.${pair.new} := ${pair.up};
    ELSIF NEW.${pair.new} IS NULL AND NEW.${pair.old} IS NOT NULL THEN
        NEW.${pair.new} := ${pair.up};
    END IF;
% endfor
    RETURN NEW;
END
$vibe$
