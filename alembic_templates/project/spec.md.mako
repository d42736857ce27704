# ${title}: Technical Specification
<%text>
<!--
  `alembic-vibe generate` compiles Section 5 of this document into SQLAlchemy models, Alembic revisions, seeds and
  rollback tests. The other sections are yours; they are not read.

  - Write PostgreSQL DDL in sql fences, as you would give it to psql. The order of statements does not matter.
  - One heading "5.3", "5.4" and so on per feature: each becomes one module of models.
  - To rename a column or a table, leave a comment beside it:  -- renamed from: old_name
  - `alembic-vibe check` reports mistakes with their line in this file.
-->

## 5. Database Architecture & Schema Design

### 5.1 Database Architecture Overview

**Primary Database:** PostgreSQL 15+
**Architecture Pattern:** Single database
**ACID Compliance:** Full ACID
**Scaling Strategy:** Read replicas

### 5.2 Connection and Performance Configuration

- **Connection Pooling:** PgBouncer with 100 max connections
- **Query Timeout:** 30 seconds for complex queries, 5 seconds for simple queries
- **Transaction Isolation:** Read Committed (default), Serializable for critical operations
- **Backup Strategy:** Daily full backups, hourly incremental, 30-day retention
- **Monitoring:** Query performance monitoring, slow query logging, connection metrics

### 5.3 Core System Tables

#### Users and Authentication

```sql
-- People who can sign in
CREATE TABLE users (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    email VARCHAR(255) NOT NULL,
    password_hash VARCHAR(255) NOT NULL,
    display_name VARCHAR(100),
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT CURRENT_TIMESTAMP,
    deleted_at TIMESTAMP WITH TIME ZONE,

    CONSTRAINT users_email_format CHECK (email ~* '^[^@ ]+@[^@ ]+[.][a-z]{2,}$')
);

-- An address is free again when its owner has gone
CREATE UNIQUE INDEX users_email_key ON users (email) WHERE deleted_at IS NULL;
CREATE INDEX idx_users_created_at ON users (created_at DESC) WHERE deleted_at IS NULL;

-- Where a person is signed in
CREATE TABLE user_sessions (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    session_token VARCHAR(255) NOT NULL UNIQUE,
    ip_address INET,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT user_sessions_future_expiry CHECK (expires_at > created_at)
);

CREATE INDEX idx_user_sessions_user ON user_sessions (user_id, expires_at DESC);
```

### 5.4 Tasks Schema

**Feature Context:** People keep a list of what they have to do. Replace this with your first feature.

#### 5.4.1 Primary Tables

```sql
CREATE TABLE tasks (
    id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    title VARCHAR(200) NOT NULL,
    status VARCHAR(20) NOT NULL DEFAULT 'open',
    due_on DATE,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT tasks_status_known CHECK (status IN ('open', 'done', 'dropped'))
);

COMMENT ON TABLE tasks IS 'What a person has to do';

CREATE INDEX idx_tasks_user ON tasks (user_id, created_at DESC);
CREATE INDEX idx_tasks_due ON tasks (due_on) WHERE status = 'open';
```
</%text>\
