INSERT INTO articles (id, title, body, author) SELECT n, 'Title ' || n, 'body ' || n, 'Ann' FROM generate_series(1, 20) AS n;
INSERT INTO hits VALUES (1, '2025-02-03');
