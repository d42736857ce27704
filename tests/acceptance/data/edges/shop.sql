CREATE TYPE state AS ENUM ('draft', 'paid', 'sent');
CREATE DOMAIN cents AS bigint CONSTRAINT cents_not_negative CHECK (VALUE >= 0);
CREATE SEQUENCE receipt;

CREATE TABLE currency (
    code char(3) PRIMARY KEY CONSTRAINT currency_code CHECK (code ~ '^[A-Z]{3}$'),
    digits smallint NOT NULL CONSTRAINT currency_digits CHECK (digits BETWEEN 0 AND 4),
    weight integer CONSTRAINT currency_weight CHECK (weight * 7 < 100)
);
CREATE TABLE person (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email varchar(60) NOT NULL CONSTRAINT person_email CHECK (email ~ '^[a-z.]+@[a-z]+\.[a-z]{2,}$'),
    nick text CONSTRAINT person_nick CHECK (char_length(nick) BETWEEN 3 AND 12),
    born date CONSTRAINT person_born CHECK (born > DATE '1900-12-31' AND born <= CURRENT_DATE),
    manager_id uuid CONSTRAINT person_manager REFERENCES person (id),
    tags text[] NOT NULL DEFAULT '{}' CONSTRAINT person_tags CHECK (cardinality(tags) <= 3),
    CONSTRAINT person_not_own_manager CHECK (manager_id <> id)
);
CREATE UNIQUE INDEX person_email_key ON person (lower(email));
CREATE TABLE profile (
    person_id uuid PRIMARY KEY CONSTRAINT profile_person REFERENCES person (id),
    settings jsonb NOT NULL DEFAULT '{}' CONSTRAINT profile_settings CHECK (jsonb_typeof(settings) = 'object'),
    opens time NOT NULL DEFAULT '08:00' CONSTRAINT profile_opens CHECK (opens >= '06:30'),
    every interval CONSTRAINT profile_every CHECK (every BETWEEN INTERVAL '5 minutes' AND INTERVAL '2 days')
);
CREATE TABLE follows (
    follower uuid CONSTRAINT follows_follower REFERENCES person (id),
    followed uuid CONSTRAINT follows_followed REFERENCES person (id),
    PRIMARY KEY (follower, followed),
    CONSTRAINT follows_others CHECK (follower <> followed)
);
CREATE TABLE bill (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    receipt text NOT NULL DEFAULT 'R-' || nextval('receipt') CONSTRAINT bill_receipt UNIQUE,
    owner uuid NOT NULL CONSTRAINT bill_owner REFERENCES person (id),
    state state NOT NULL DEFAULT 'draft',
    net cents NOT NULL,
    vat numeric(8, 2) NOT NULL DEFAULT 0 CONSTRAINT bill_vat CHECK (vat <= net * 0.25),
    gross numeric GENERATED ALWAYS AS (net + vat) STORED,
    paid_at timestamptz,
    kind text NOT NULL CONSTRAINT bill_kind CHECK (kind IN ('goods', 'work')),
    hours integer CONSTRAINT bill_hours CHECK (CASE kind WHEN 'work' THEN hours BETWEEN 1 AND 40 ELSE hours IS NULL END),
    is_current boolean NOT NULL DEFAULT false,
    first_line integer,
    CONSTRAINT bill_paid CHECK (state = 'draft' OR paid_at IS NOT NULL)
);
CREATE UNIQUE INDEX bill_one_current ON bill (owner) WHERE is_current;
CREATE TABLE line (
    id integer PRIMARY KEY,
    bill bigint NOT NULL CONSTRAINT line_bill REFERENCES bill (number),
    place int4range NOT NULL CONSTRAINT line_place CHECK (NOT isempty(place)),
    CONSTRAINT line_places EXCLUDE USING gist (place WITH &&),
    CONSTRAINT line_once UNIQUE (id, bill)
);
ALTER TABLE bill ADD CONSTRAINT bill_first_line FOREIGN KEY (first_line) REFERENCES line (id);
CREATE TABLE event (
    id bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    currency char(3) NOT NULL DEFAULT 'EUR' CONSTRAINT event_currency REFERENCES currency (code),
    CONSTRAINT event_pkey PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE TABLE event_2024 PARTITION OF event FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE hen (id integer PRIMARY KEY, egg integer NOT NULL);
CREATE TABLE egg (id integer PRIMARY KEY, hen integer NOT NULL CONSTRAINT egg_hen REFERENCES hen (id));
ALTER TABLE hen ADD CONSTRAINT hen_egg FOREIGN KEY (egg) REFERENCES egg (id) DEFERRABLE;
CREATE TABLE "odd %s ""name" ("select" integer PRIMARY KEY, "a b" text NOT NULL CONSTRAINT "it's" CHECK ("a b" <> ''));
CREATE TABLE impossible (id integer NOT NULL CONSTRAINT never CHECK (id > 5 AND id < 3));
