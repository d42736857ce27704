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

% for section in sections:
${parts.feature(section)}\
% endfor
% if indexes:
${"###"} 5.P Database Performance & Optimization

${"####"} 5.P.1 Indexing Strategy

What each index serves, besides those behind keys:

| Index | Table | Keys | Serves |
| --- | --- | --- | --- |
% for found in indexes:
| ${parts.cell(found.index)} | ${parts.cell(found.table)} | ${parts.cell(found.keys)} | ${parts.cell(found.purpose)} |
% endfor

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
| ${parts.cell(str(found.key))} | ${parts.cell(found.reason)} |
% endfor
% endif
