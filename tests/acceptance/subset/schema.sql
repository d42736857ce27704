-- A schema with everything that makes a subset hard.
CREATE DOMAIN email_address AS text CHECK (VALUE ~ '^[^@\s]+@[^@\s]+\.[a-z]+$');
CREATE TYPE mood AS ENUM ('calm', 'cross');

-- small, and referred to by a natural key
CREATE TABLE countries (code char(2) PRIMARY KEY, name text NOT NULL);

-- a circle that is not deferrable, without a column that may be NULL on one side
CREATE TABLE teams (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name varchar(40) NOT NULL, lead_id int NOT NULL);
CREATE TABLE users (
  id serial PRIMARY KEY,
  email email_address NOT NULL UNIQUE,
  country char(2) REFERENCES countries,
  team_id int REFERENCES teams,
  manager_id int REFERENCES users,
  feeling mood DEFAULT 'calm',
  shown text GENERATED ALWAYS AS (email || '!') STORED,
  CHECK (length(email) < 100)
);
ALTER TABLE teams ADD FOREIGN KEY (lead_id) REFERENCES users;

-- a circle that is deferrable
CREATE TABLE carts (id int PRIMARY KEY, last_entry int NOT NULL);
CREATE TABLE entries (id int PRIMARY KEY, cart_id int NOT NULL REFERENCES carts DEFERRABLE INITIALLY IMMEDIATE);
ALTER TABLE carts ADD FOREIGN KEY (last_entry) REFERENCES entries DEFERRABLE;

-- composite keys, also MATCH FULL; names that need quotes
CREATE SCHEMA "Stock room";
CREATE TABLE "Stock room"."Product" (shop int, sku text, price numeric(10, 2) CHECK (price > 0), PRIMARY KEY (shop, sku));

-- partitions by an account that may read the whole only
CREATE TABLE orders (
  id bigint, placed_at timestamptz NOT NULL, user_id int NOT NULL REFERENCES users ON DELETE CASCADE,
  PRIMARY KEY (id, placed_at)
) PARTITION BY RANGE (placed_at);
CREATE TABLE orders_early PARTITION OF orders FOR VALUES FROM ('2024-01-01') TO ('2024-03-01');
CREATE TABLE orders_late PARTITION OF orders FOR VALUES FROM ('2024-03-01') TO ('2025-01-01');

-- no primary key, equal rows
CREATE TABLE items (
  order_id bigint NOT NULL, placed_at timestamptz NOT NULL, shop int, sku text, number int NOT NULL,
  FOREIGN KEY (order_id, placed_at) REFERENCES orders ON DELETE CASCADE,
  FOREIGN KEY (shop, sku) REFERENCES "Stock room"."Product" MATCH FULL
);

-- refers by a natural key that is personal; large values; a sequence behind a default
CREATE SEQUENCE note_numbers;
CREATE TABLE notes (
  number bigint PRIMARY KEY DEFAULT nextval('note_numbers'),
  email email_address NOT NULL REFERENCES users (email) ON UPDATE CASCADE,
  body text, picture bytea, extra jsonb, tags text[]
);

-- rows that refer to nothing, and rows that refer to them
CREATE TABLE replies (id int PRIMARY KEY, note bigint CONSTRAINT replies_note_fkey REFERENCES notes);
CREATE TABLE likes (id int PRIMARY KEY, reply_id int NOT NULL REFERENCES replies);

-- inheritance that is no partitioning
CREATE TABLE logs (id int PRIMARY KEY, line text);
CREATE TABLE old_logs (closed date) INHERITS (logs);

CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'a trigger ran'; END $$;
CREATE TRIGGER on_order BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION refuse();
CREATE TRIGGER on_late BEFORE INSERT ON orders_late FOR EACH ROW EXECUTE FUNCTION refuse();
CREATE TRIGGER always BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION refuse();
ALTER TABLE users ENABLE ALWAYS TRIGGER always;
CREATE TRIGGER never BEFORE INSERT ON users FOR EACH STATEMENT EXECUTE FUNCTION refuse();
ALTER TABLE users DISABLE TRIGGER never;
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
ALTER TABLE notes FORCE ROW LEVEL SECURITY;
CREATE MATERIALIZED VIEW busy AS SELECT user_id, count(*) FROM orders GROUP BY user_id;

CREATE TABLE vibe_seed_state (table_name text PRIMARY KEY);
CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY);
INSERT INTO alembic_version VALUES ('0001');
