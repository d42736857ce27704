CREATE EXTENSION citext;
CREATE EXTENSION hstore;
CREATE EXTENSION ltree;
CREATE TYPE mood AS ENUM ('calm', 'happy', 'a, "b" \ c');
CREATE TYPE place AS (street text, city varchar(20), position numeric(8, 2), note text[]);
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE DOMAIN code AS varchar(6) NOT NULL;
CREATE TABLE users (
    id bigint, email citext, phone varchar(20), name text, first_name varchar(10), username varchar(12), company text,
    country_code char(2), currency char(3), flag "char", short varchar(3), long_name name, body text, slug varchar(24),
    token char(64), status text, time_zone text, mood mood, moods mood[], address place, places place[],
    quantity smallint, priority int, views bigint, file_oid oid, price numeric(10, 2), rate numeric(5, 4),
    percent numeric(3, 0), hundreds numeric(6, -2), anything numeric, balance money, ratio real, score double precision,
    is_active boolean, birth_date date, created_at timestamptz, updated_at timestamp, opens_at time, closes_at timetz,
    duration interval, external_id uuid, ip inet, network cidr, mac macaddr, mac8 macaddr8, settings jsonb, raw json,
    tags text[], scores int[], spans interval[], days date[], digests bytea[], prices numeric(8, 2)[],
    digest bytea, search tsvector, query tsquery, bits bit(12), flags varbit(20), spot point, outline polygon, area box,
    areas box[], round circle, edge lseg, way path, straight line, attributes hstore, tree ltree, during tstzrange,
    period daterange, slots int4multirange, span numrange, plain_span tsrange, numbers int8range, lsn pg_lsn,
    positive positive, code code, code_list code[], unknown_thing regclass
);
