-- Rows for every table that the first seven revisions make, but for drafts, imports and imports_errors.
INSERT INTO tenants (name, slug, plan, tax_number) SELECT 'Tenant ' || n, 't' || n, 'free', 'X' || n FROM generate_series(1, 5) AS n;
INSERT INTO customers (tenant_id, email, phone, full_name, nickname, score, level, balance, seen_at, network, code, settings, wakes_at, old_points, old_tier)
    SELECT 1 + n % 5, 'c' || n || '@example.org', '+49 ' || n, 'Customer ' || n, 'nick' || n, n, n % 9, n, now(), '10.0.0.0/8', 'C' || n, '{}', '07:30:00.125', n * 10,
        CASE WHEN n % 3 = 0 THEN 'pro' ELSE 'free' END
    FROM generate_series(1, 200) AS n;
INSERT INTO addresses (customer_id, street, city, postcode, country, floor) SELECT n, 'Street ' || n, 'City ' || n % 7, n::text, 'DE', 1 FROM generate_series(1, 200) AS n;
INSERT INTO suppliers (name, rating, fax) SELECT 'Supplier ' || n, n, '1' FROM generate_series(1, 9) AS n;
INSERT INTO products (supplier_id, sku, title, subtitle, price, weight, width, height, color, brand)
    SELECT 1 + n % 9, 'SKU' || n, 'Product ' || n, 's', n, 1, n, n, 'red', 'brand' || n % 5 FROM generate_series(1, 100) AS n;
INSERT INTO reviews (product_id, author_id, stars, body, language) SELECT 1 + n % 100, 1 + n % 200, 1 + n % 5, 'fine', 'en' FROM generate_series(1, 150) AS n;
INSERT INTO "Legacy Items" VALUES (1, 'one', 'kg'), (2, 'two', 'g');
INSERT INTO price_rules VALUES (1, 'a', '[2026-01-01, 2026-02-01)', 5), (2, 'b', '[2026-02-01, 2026-03-01)', 6);
INSERT INTO bundles VALUES (1, 'first', 1), (2, 'second', 2);
INSERT INTO orders (customer_id, status, reference, quantity, total, discount, note, channel, currency, placed_at, shipped_at, sales_rep, po_number)
    SELECT 1 + n % 200, 'paid', 'R' || n, n, n * 2, 0, 'n', 'web', 'EUR', '2026-01-01', now(), 'rep', 'po' FROM generate_series(1, 300) AS n;
INSERT INTO order_items (order_id, line_no, product_id, quantity, unit_price) SELECT n, 1, 1 + n % 100, 1, 2.50 FROM generate_series(1, 300) AS n;
INSERT INTO payments (order_id, amount, method) SELECT n, n, 'card' FROM generate_series(1, 300) AS n;
INSERT INTO invoices (order_id, number, amount, language) SELECT n, 'I' || n, n, 'de' FROM generate_series(1, 300) AS n;
INSERT INTO refunds (payment_id, order_id, amount, reason) SELECT n, n, n, 'broken' FROM generate_series(1, 20) AS n;
INSERT INTO coupons (code, percent) VALUES ('SPRING', 10), ('SUMMER', 20);
INSERT INTO carts (customer_id, token, expires_at) SELECT n, 't' || n, now() FROM generate_series(1, 20) AS n;
INSERT INTO wishlists (customer_id, title) VALUES (1, 'one'), (2, 'two');
INSERT INTO warehouses (id, name, city, area) VALUES (1, 'North', 'Kiel', 100), (2, 'South', 'Ulm', 200);
INSERT INTO stock_levels (warehouse_id, product_id, on_hand) SELECT 1, n, n FROM generate_series(1, 100) AS n;
INSERT INTO carriers (id, name, hotline) VALUES (1, 'Swift', '123 4'), (2, 'Slow', '567');
INSERT INTO shipments (order_id, carrier_id, tracking, weight, sent_at) SELECT n, 1 + n % 2, 'T' || n, 5, now() FROM generate_series(1, 100) AS n;
INSERT INTO pick_lists VALUES (1, 1, 'Ann', true);
INSERT INTO returns (id, order_id, reason, state, weight) VALUES (1, 1, 'broken', 'open', 3), (2, 2, 'late', 'done', 4);
INSERT INTO bookings VALUES (1, 'A', '[2026-01-01, 2026-01-02)', 'Ann'), (2, 'A', '[2026-01-03, 2026-01-04)', 'Bob');
INSERT INTO billing.accounts (tenant_id, iban, balance, limit_amount) SELECT n, 'de' || n, n, n FROM generate_series(1, 5) AS n;
INSERT INTO billing.entries (account_id, amount, text) SELECT 1 + n % 5, n, 'entry' FROM generate_series(1, 50) AS n;
INSERT INTO billing.rates VALUES ('EUR', 1), ('USD', 1.1);
INSERT INTO sessions SELECT gen_random_uuid(), n, 's' || n, 'agent', '10.0.0.1', now() FROM generate_series(1, 30) AS n;
INSERT INTO audit_log SELECT n, 'ann', 'read', now(), '{}', n FROM generate_series(1, 50) AS n;
INSERT INTO api_keys (id, tenant_id, key, revoked) SELECT n, n, 'k' || n, false FROM generate_series(1, 5) AS n;
INSERT INTO jobs (id, name, state) SELECT n, 'job', 'open' FROM generate_series(1, 50) AS n;
INSERT INTO notifications (id, customer_id, kind) SELECT n, n, 'mail' FROM generate_series(1, 50) AS n;
INSERT INTO devices (id, customer_id, model, os, push_token) SELECT n, n, 'phone', 'free', 'p' FROM generate_series(1, 50) AS n;
INSERT INTO webhooks (id, tenant_id, url) SELECT n, n, 'https://example.org' FROM generate_series(1, 5) AS n;
INSERT INTO feature_flags (name) VALUES ('new_look');
INSERT INTO old_reports VALUES (1, 'body');
INSERT INTO old_exports VALUES (1, 'body');
INSERT INTO old_mails VALUES (1, 1, 'body');
INSERT INTO secrets VALUES (1, 1, 'Name', 'value'), (2, 2, 'other', NULL);
INSERT INTO events SELECT n, timestamptz '2024-06-01' + n * interval '10 days', 'click', 'body', 1 FROM generate_series(1, 50) AS n;
INSERT INTO events VALUES (1000, '2031-01-01', 'late', 'body', 1);
INSERT INTO metrics SELECT n, (ARRAY['cpu', 'disk', 'net'])[1 + n % 3], n, 'host' FROM generate_series(1, 60) AS n;
