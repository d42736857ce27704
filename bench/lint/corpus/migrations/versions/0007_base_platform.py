"""What the platform itself needs

Downgrade loses: what was written into it meanwhile

Revision ID: 26b7b033825c
Revises: d7c0de53af8a
Create Date: 2026-01-08 07:10:32.055433
"""

from collections.abc import Sequence

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "26b7b033825c"
down_revision: str | Sequence[str] | None = "d7c0de53af8a"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("CREATE MATERIALIZED VIEW order_totals AS SELECT customer_id, sum(total) AS total FROM orders GROUP BY customer_id")
    op.execute("CREATE UNIQUE INDEX ux_order_totals ON order_totals (customer_id)")
    op.execute("CREATE TABLE sessions (id uuid PRIMARY KEY, customer_id bigint, token text, agent text, ip inet, expires_at timestamp)")
    op.execute("CREATE TABLE audit_log (id bigint PRIMARY KEY, actor text, action text, at timestamptz, detail jsonb, object_id integer)")
    op.execute("CREATE TABLE api_keys (id bigint PRIMARY KEY, tenant_id bigint, key text, scopes text, revoked boolean, rotated_at timestamptz)")
    op.execute("CREATE TABLE jobs (id bigint PRIMARY KEY, name text, state text, run_at timestamptz, attempts integer DEFAULT 0, worker text, priority priority)")
    op.execute("CREATE TABLE notifications (id bigint PRIMARY KEY, customer_id bigint, kind text, body text, sent boolean, read_at timestamptz)")
    op.execute("CREATE TABLE devices (id bigint PRIMARY KEY, customer_id bigint, model text, os text, push_token text, serial_no text)")
    op.execute("CREATE TABLE webhooks (id bigint PRIMARY KEY, tenant_id bigint, url text, secret text, active boolean)")
    op.execute("CREATE TABLE feature_flags (name text PRIMARY KEY, enabled boolean NOT NULL DEFAULT false, audience text)")
    op.execute("CREATE TABLE old_reports (id bigint PRIMARY KEY, body text)")
    op.execute("CREATE TABLE old_exports (id bigint PRIMARY KEY, body text)")
    op.execute("CREATE TABLE old_mails (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers, body text)")
    op.execute("CREATE INDEX ix_old_mails_customer ON old_mails (customer_id)")
    op.execute("CREATE TABLE secrets (id bigint PRIMARY KEY, tenant_id bigint NOT NULL, name text, value text)")
    op.execute("ALTER TABLE secrets ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE secrets FORCE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY tenant ON secrets USING (tenant_id = current_setting('app.tenant', true)::bigint)")
    op.execute("CREATE TABLE events (id bigint NOT NULL, at timestamptz NOT NULL, kind text, body text, tenant_id bigint, PRIMARY KEY (id, at)) PARTITION BY RANGE (at)")
    for year in (2024, 2025):
        op.execute(f"CREATE TABLE events_{year} PARTITION OF events FOR VALUES FROM ('{year}-01-01') TO ('{year + 1}-01-01')")
    op.execute("CREATE TABLE events_default PARTITION OF events DEFAULT")
    op.execute("CREATE TABLE metrics (id bigint NOT NULL, kind text NOT NULL, value numeric, host text) PARTITION BY LIST (kind)")
    op.execute("CREATE TABLE metrics_cpu PARTITION OF metrics FOR VALUES IN ('cpu')")
    op.execute("CREATE TABLE metrics_disk PARTITION OF metrics FOR VALUES IN ('disk')")
    op.execute("CREATE TABLE metrics_net PARTITION OF metrics FOR VALUES IN ('net')")


def downgrade() -> None:
    op.execute("DROP MATERIALIZED VIEW order_totals")
    op.execute("DROP TABLE metrics, events, secrets, old_mails, old_exports, old_reports, feature_flags, webhooks, devices")
    op.execute("DROP TABLE notifications, jobs, api_keys, audit_log, sessions")
