INSERT INTO people (id, email, login, nick, full_name, shout, phone, mobile, home, homes, born_on, died_on, joined_at,
  latitude, salary, age, password_hash, seen_from, network, device, picture, key_hash, profile, settings, labels, tags,
  grid, notes, status, feeling, plate, iban, card_number, homepage, token, padded)
SELECT n,
  CASE n % 3 WHEN 0 THEN format('Anna.Of%s@Corp.com', n) ELSE format('ben%s@mail.test.org', n) END,
  CASE n % 2 WHEN 0 THEN 'User' || n ELSE 'me-' || n END,
  nullif(substr(md5(n::text), 1, 1 + n % 3) || '', md5('')::text) ,
  CASE n % 4 WHEN 0 THEN 'ANNA SMITH ' || n WHEN 1 THEN 'Łukasz Żak ' || n ELSE '李明 ' || n END,
  'SHOUTED WORDS OF ' || n,
  CASE WHEN n % 5 > 0 THEN '+4915' || 100000 + n END,
  CASE WHEN n % 5 = 0 THEN '212-744-' || lpad(n::text, 4, '0') END,
  ROW(n || ' Main "Street", left', 'New York', 'AB ' || n, n)::postal,
  CASE n % 2 WHEN 0 THEN ARRAY[ROW('Backslash \ Road', NULL, '12345', 1), NULL]::postal[] ELSE '{}' END,
  date '1950-01-01' + n * 100, date '1980-01-01' + n * 100, timestamptz '2024-02-29 12:00:00.5+02' + n * interval '1 hour',
  n - 30.5, n * 1000.25, n, md5(n::text) || md5('x' || n), ('10.1.2.' || n)::inet, ('10.' || n || '.0.0/16')::cidr,
  ('08:00:2b:01:02:' || to_hex(n + 16))::macaddr, decode(md5(n::text), 'hex'), decode(lpad(to_hex(n * 7919), 8, '0'), 'hex'),
  jsonb_build_object('email', 'ben' || n || '@mail.test.org', 'name', 'Söme "quoted" person ' || n, 'ok', true, 'n', 1.50,
    'list', jsonb_build_array('10.0.0.' || n, null, '+49 151 234567' || n, 12345678901234567890.5), 'none', null,
    'bob' || n || '@corp.com', '2024-02-30'),
  '{"a": "first text", "a": "second text", "deep": [[["x y z words"]]]}',
  CASE n % 2 WHEN 0 THEN hstore(ARRAY['phone', '+49 30 1234567', 'odd "key"', 'a => b', 'null', NULL]) END,
  CASE n % 3 WHEN 0 THEN ARRAY['one, two', 'NULL', NULL, '', 'qu"ote\'] WHEN 1 THEN '{}' END,
  '[0:1][2:3]={{aa,bb},{cc,"d d"}}',
  NULL,
  CASE n % 2 WHEN 0 THEN 'active' ELSE 'gone' END, 'calm', 'AB-' || lpad(n::text, 4, '0'),
  'DE' || lpad(n::text, 20, '0'), lpad(n::text, 16, '4'), 'https://corp.com/people/' || n,
  gen_random_uuid(), 'pad ' || n
FROM generate_series(1, 60) n
WHERE substr(md5(n::text), 1, 1 + n % 3) NOT IN (SELECT substr(md5(m::text), 1, 1 + m % 3) FROM generate_series(1, n - 1) m);
INSERT INTO people (id, email, login, full_name, shout, phone, key_hash, profile, status, plate)
VALUES (1000, 'x@y.z', 'abc', '', '', '+1234567', '\x00000000', '[]', 'gone', 'ZZ-9999'),
  (1001, 'X@y.z', 'abd', '-', '!', '+1234568', '\x00000001', '"just a text"', 'gone', 'ZZ-9998');
INSERT INTO logins (id, email, by_login, plate, person_email, at, line)
SELECT id, email, CASE id % 2 WHEN 0 THEN upper(login)::citext ELSE login END, plate, email, '2024-01-01', 'Login of ' || email
FROM people;
