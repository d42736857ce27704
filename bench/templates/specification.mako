# Benchmark

${"##"} 5. Database Architecture & Schema Design

${"###"} 5.1 Database Architecture Overview
**Primary Database:** PostgreSQL 15+
**Architecture Pattern:** Single database
**ACID Compliance:** Full ACID
**Scaling Strategy:** None

${"###"} 5.2 Connection and Performance Configuration
- **Connection Pooling:** PgBouncer with 100 max connections
- **Query Timeout:** 30 seconds
- **Transaction Isolation:** Read Committed
- **Backup Strategy:** Daily full backups
- **Monitoring:** Query performance monitoring
% for number, tables in enumerate(sections, start=3):

${"###"} 5.${number} Area ${number} Schema

```sql
% for table in tables:
CREATE TABLE ${table.name} (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    ${table.parent_column} uuid${" NOT NULL" if table.parent != table.name else ""} REFERENCES ${table.parent} (id) ON DELETE CASCADE,
    code varchar(40) NOT NULL,
    title text NOT NULL,
    note text,
    quantity integer NOT NULL DEFAULT 0,
    price numeric(12, 2) NOT NULL DEFAULT 0,
    is_active boolean NOT NULL DEFAULT true,
    attributes jsonb,
    valid_on date,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT ck_${table.name}_quantity CHECK (quantity >= 0)
);
CREATE INDEX ix_${table.name}_parent ON ${table.name} (${table.parent_column});
CREATE INDEX ix_${table.name}_created_at ON ${table.name} (created_at);
CREATE UNIQUE INDEX ux_${table.name}_code ON ${table.name} (code);

% endfor
```
% endfor
