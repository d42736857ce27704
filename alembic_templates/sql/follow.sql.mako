CREATE FUNCTION ${function}() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $vibe$
#variable_conflict use_column
BEGIN
% if careful:
    BEGIN
        NEW.${column} := ${value};
    EXCEPTION WHEN data_exception OR integrity_constraint_violation THEN
        NEW.${column} := NULL;
    END;
% else:
    NEW.${column} := ${value};
% endif
    RETURN NEW;
END
$vibe$
