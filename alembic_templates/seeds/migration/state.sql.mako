CREATE TABLE IF NOT EXISTS ${state} (
    table_name text NOT NULL,
    row_key text NOT NULL,
    hash jsonb NOT NULL,
    PRIMARY KEY (table_name, row_key)
)
