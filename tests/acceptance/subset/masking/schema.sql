-- Every type that can hold somebody's data, and every constraint that a mask can break.
CREATE EXTENSION IF NOT EXISTS citext;
CREATE EXTENSION IF NOT EXISTS hstore;
CREATE DOMAIN email_address AS text CHECK (VALUE ~ '^[^@\s]+@[^@\s]+\.[a-z]+$' AND length(VALUE) <= 60);
CREATE DOMAIN plate AS varchar(8) NOT NULL CHECK (VALUE ~ '^[A-Z]{2}-\d{4}$');
CREATE TYPE postal AS (street text, city text, postcode varchar(10), level int);
CREATE TYPE mood AS ENUM ('calm', 'cross');

CREATE TABLE people (
  id int PRIMARY KEY,
  email email_address NOT NULL UNIQUE,
  login citext NOT NULL UNIQUE CHECK (length(login) BETWEEN 3 AND 12),
  nick varchar(3) UNIQUE,
  full_name varchar(40) NOT NULL,
  shout text NOT NULL CHECK (shout = upper(shout)),
  phone varchar(20) CHECK (phone ~ '^\+[1-9]\d{6,14}$'),
  mobile text UNIQUE CHECK (mobile ~ '^\d{3}-\d{3}-\d{4}$'),
  home postal,
  homes postal[],
  born_on date CHECK (born_on > '1900-01-01' AND born_on < '2030-01-01'),
  died_on date CHECK (died_on >= born_on),
  joined_at timestamptz,
  latitude numeric(9, 6) CHECK (latitude BETWEEN -90 AND 90),
  salary numeric(10, 2),
  age smallint CHECK (age BETWEEN 0 AND 150),
  password_hash char(64) CHECK (password_hash ~ '^[0-9a-f]{64}$'),
  seen_from inet,
  network cidr,
  device macaddr UNIQUE,
  picture bytea CHECK (octet_length(picture) >= 4),
  key_hash bytea NOT NULL UNIQUE CHECK (octet_length(key_hash) = 4),
  profile jsonb NOT NULL,
  settings json,
  labels hstore,
  tags text[],
  grid text[][],
  notes xml,
  status text NOT NULL CHECK (status IN ('active', 'gone')),
  feeling mood,
  plate plate,
  iban varchar(34),
  card_number text CHECK (card_number ~ '^\d{16}$'),
  homepage text CHECK (homepage LIKE 'https://%'),
  token uuid,
  padded char(12),
  greeting text GENERATED ALWAYS AS ('Dear ' || full_name) STORED,
  CHECK (phone IS NOT NULL OR mobile IS NOT NULL)
);
CREATE UNIQUE INDEX ON people (lower(full_name));

CREATE TABLE logins (
  id int PRIMARY KEY,
  email text NOT NULL REFERENCES people (email),
  by_login citext REFERENCES people (login),
  plate plate,
  person_email text,
  at timestamptz NOT NULL,
  line text
);
