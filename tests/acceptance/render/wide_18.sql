CREATE TABLE virt (id int PRIMARY KEY, a int NOT NULL, b int GENERATED ALWAYS AS (a * 2) VIRTUAL, c text CONSTRAINT c_must NOT NULL);
ALTER TABLE virt ADD CONSTRAINT virt_ne CHECK (a > 0) NOT ENFORCED;
CREATE TABLE periods (id int, valid_at tstzrange, PRIMARY KEY (id, valid_at WITHOUT OVERLAPS));
CREATE TABLE inexpressible (id int PRIMARY KEY, at point CONSTRAINT at_must NOT NULL, twice int CONSTRAINT twice_must NOT NULL GENERATED ALWAYS AS (id * 2) VIRTUAL);
