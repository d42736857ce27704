SET session_replication_role = replica;  -- the rows that follow need neither triggers nor an order
ALTER TABLE users DISABLE TRIGGER always;
INSERT INTO vibe_seed_state VALUES ('countries');
INSERT INTO countries SELECT chr(65 + i / 26) || chr(65 + i % 26), 'Country ' || i FROM generate_series(0, 99) i;
INSERT INTO users (id, email, country, team_id, manager_id, feeling)
SELECT i, 'person' || i || '@shop.example.com', chr(65 + (i % 100) / 26) || chr(65 + (i % 100) % 26),
       CASE WHEN i % 3 > 0 THEN 1 + i % 100 END, nullif(i / 7, 0), CASE WHEN i % 2 = 0 THEN 'cross'::mood END
FROM generate_series(1, 1000) i;
INSERT INTO teams (name, lead_id) SELECT 'Team ' || i, i * 3 FROM generate_series(1, 100) i;
INSERT INTO carts SELECT i, i * 3 FROM generate_series(1, 300) i;
INSERT INTO entries SELECT i, (i + 2) / 3 FROM generate_series(1, 900) i;
INSERT INTO "Stock room"."Product" SELECT i % 7, 'SKU-' || i, i FROM generate_series(1, 500) i;
INSERT INTO orders SELECT i, '2024-01-01'::timestamptz + i * interval '4 hours', 1 + i % 1000 FROM generate_series(1, 1500) i;
INSERT INTO items SELECT o, '2024-01-01'::timestamptz + o * interval '4 hours', CASE WHEN i % 5 > 0 THEN p % 7 END,
       CASE WHEN i % 5 > 0 THEN 'SKU-' || p END, 1 + i % 3
FROM (SELECT i, 1 + i % 1500 AS o, 1 + i % 500 AS p FROM generate_series(1, 3000) i) n;
INSERT INTO items SELECT * FROM items WHERE order_id < 50;
INSERT INTO notes SELECT i, 'person' || (1 + i % 1000) || '@shop.example.com', 'Line one of ' || i || E'\nline "two",\t\\N',
       decode(md5(i::text), 'hex'), jsonb_build_object('phone', '+49 30 ' || i), ARRAY['tag ' || i, NULL, 'it''s']
FROM generate_series(1, 800) i;
UPDATE notes SET body = repeat(body, 50000) WHERE number <= 3;
SELECT setval('note_numbers', 800);
ALTER TABLE replies DROP CONSTRAINT replies_note_fkey;
INSERT INTO replies SELECT i, CASE WHEN i % 10 = 0 THEN 900000 + i ELSE i END FROM generate_series(1, 300) i;
INSERT INTO likes SELECT i, 1 + i % 300 FROM generate_series(1, 600) i;
INSERT INTO logs SELECT i, 'login of person' || i || '@shop.example.com from abroad' FROM generate_series(1, 200) i;
INSERT INTO old_logs SELECT i, 'old line ' || i, '2020-01-01' FROM generate_series(201, 400) i;
SET session_replication_role = origin;
ALTER TABLE users ENABLE ALWAYS TRIGGER always;
ALTER TABLE replies ADD CONSTRAINT replies_note_fkey FOREIGN KEY (note) REFERENCES notes NOT VALID;
REFRESH MATERIALIZED VIEW busy;
ANALYZE;
