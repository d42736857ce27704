# ${title}: Technical Specification
<%text>
<!--
  `alembic-vibe generate` compiles Section 5 of this document into changes of the models and new Alembic revisions on top
  of the head. The other sections are yours; they are not read.

  What Section 5 does not name is left alone: begin with the tables that you want to change next. To have all that the
  database holds written down: move this file away, and run `alembic-vibe adopt --write --spec-from-chain`, or
  `--spec-from-database URL` with the address of a copy of the database.

  - Write PostgreSQL DDL in sql fences, as you would give it to psql. The order of statements does not matter.
  - To rename a column or a table, leave a comment beside it:  -- renamed from: old_name
  - `alembic-vibe check` reports mistakes with their line in this file.
-->

## 5. Database Architecture & Schema Design

### 5.1 Database Architecture Overview

**Primary Database:** PostgreSQL 15+

### 5.2 Connection and Performance Configuration

- **Query Timeout:** 30 seconds for complex queries

### 5.3 Core System Tables

```sql
-- The first table that the specification says comes here.
```
</%text>\
