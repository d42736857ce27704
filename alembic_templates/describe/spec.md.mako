<%namespace name="parts" file="parts.mako"/>\
# ${heading}

This document was begun from a database. `alembic-vibe generate` compiles Section 5: change the SQL here, and it plans
the revisions that bring every database there.

${"##"} 5. Database Architecture & Schema Design

${"###"} 5.1 Database Architecture Overview

**Primary Database:** PostgreSQL ${version}+
**Architecture Pattern:** Single database
**ACID Compliance:** Full ACID
**Scaling Strategy:** Not decided here

${"###"} 5.2 Connection and Performance Configuration

A database does not tell these. Write what holds; the longest query time-out becomes the `statement_timeout` of the
revisions.

- **Connection Pooling:** Not stated yet
- **Query Timeout:** 30 seconds
- **Transaction Isolation:** Read Committed (default)
- **Backup Strategy:** Not stated yet
- **Monitoring:** Not stated yet

% if not sections:
${"###"} 5.3 Core System Tables

The database has no tables yet. Write `CREATE TABLE` statements into a fence that begins with `sql` here.

% endif
% for section in sections:
${parts.feature(section)}\
% endfor
% if indexes:
${"###"} 5.P Database Performance & Optimization

${"####"} 5.P.1 Indexing Strategy

Keys and UNIQUE constraints have indexes of their own.\
% if indexes.plain:
 Besides them, ${indexes.plain} plain ${"index" if indexes.plain == 1 else "indexes"} serve${"s" if indexes.plain == 1 else ""} lookups and sorting\
${f"; {indexes.foreign} of them {'begins' if indexes.foreign == 1 else 'begin'} with a foreign key" if indexes.foreign else ""}.\
% endif

% if indexes.special:

| Index | Table | Keys | Rows | Serves |
| --- | --- | --- | --- | --- |
% for found in indexes.special:
| ${code(found.index)} | ${code(found.table)} | ${code(found.keys)} | ${code(found.where) if found.where else "all"} | ${cell(found.serves)} |
% endfor
% endif

% endif
${"###"} 5.M Database Migration & Versioning

${"####"} 5.M.1 Migration Framework

**Migration Tool:** Alembic, with revisions generated from this section
**Migration Strategy:** Sequential versioned migrations with rollback support

${"####"} 5.M.3 Data Seeding Strategy

This section has no rows to seed. Write `INSERT INTO … VALUES …` below a table to have its reference data managed.

${"###"} 5.S Database Security & Compliance

${"####"} 5.S.1 Access Control

% if access is None:
The objects of the database are granted to nobody but their owner.
% else:
${parts.fence(access)}\
% endif

${"####"} 5.S.2 Row-Level Security

% if policies is None:
No table has policies.
% else:
${parts.fence(policies)}\
% endif
% if omissions:

${"##"} Not in This Document

The database also has these. They are left as they are: what this document never had is never dropped.

| What | Why it is not here |
| --- | --- |
% for found in omissions:
| ${cell(shown(found.key))} | ${cell(found.reason)} |
% endfor
% endif
