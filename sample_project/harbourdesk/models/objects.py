"""What hangs on the tables and has no model: code, policies, privileges, partitions.

Migrations make these objects themselves; this is for databases made from the models
alone, such as those of a test suite, and for whoever compares the models with a database.
"""

from textwrap import dedent
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from .base import Base

AFTERWARDS = (
    "SET LOCAL check_function_bodies = off",
    dedent("""
        CREATE OR REPLACE FUNCTION public.update_spaces_search_vector()
         RETURNS trigger
         LANGUAGE plpgsql
        AS $function$
        BEGIN
            NEW.search_vector :=
                setweight(to_tsvector('english', COALESCE(NEW.name, '')), 'A')
                || setweight(to_tsvector('english', COALESCE(NEW.description, '')), 'B')
                || setweight(to_tsvector('simple', array_to_string(NEW.tags, ' ')), 'C');
            RETURN NEW;
        END;
        $function$
    """),
    dedent("""
        DO $$
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'app_admin') THEN
                CREATE ROLE app_admin NOLOGIN;
            END IF;
        END
        $$
    """),
    dedent("""
        DO $$
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'app_ro') THEN
                CREATE ROLE app_ro NOLOGIN;
            END IF;
        END
        $$
    """),
    "GRANT USAGE ON SCHEMA public TO app_ro",
    dedent("""
        DO $$
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'app_rw') THEN
                CREATE ROLE app_rw NOLOGIN;
            END IF;
        END
        $$
    """),
    "GRANT app_rw TO app_admin",
    "GRANT USAGE ON SCHEMA public TO app_rw",
    "CREATE SCHEMA IF NOT EXISTS app",
    "COMMENT ON SCHEMA app IS 'Helper functions used by policies, triggers and the API.'",
    dedent("""
        CREATE OR REPLACE FUNCTION app.booking_price_cents(hourly_rate bigint, minutes integer)
         RETURNS bigint
         LANGUAGE sql
         IMMUTABLE PARALLEL SAFE STRICT
        AS $function$ SELECT (hourly_rate * ceil(minutes / 5.0) / 12)::bigint $function$
    """),
    dedent("""
        CREATE OR REPLACE FUNCTION app.check_order_total()
         RETURNS trigger
         LANGUAGE plpgsql
        AS $function$
        DECLARE
            expected bigint;
        BEGIN
            IF NEW.status = 'draft' THEN
                RETURN NULL;
            END IF;
            SELECT COALESCE(sum(l.total_cents), 0) INTO expected FROM order_lines AS l WHERE l.order_id = NEW.id;
            IF NEW.total_cents <> expected THEN
                RAISE EXCEPTION 'order %% is %% but its lines add up to %%', NEW.id, NEW.total_cents, expected
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'orders_total_matches_lines';
            END IF;
            RETURN NULL;
        END;
        $function$
    """),
    dedent("""
        CREATE OR REPLACE PROCEDURE app.close_billing_period(IN until date, IN payment_terms interval DEFAULT '14 days'::interval)
         LANGUAGE plpgsql
        AS $procedure$
        BEGIN
            UPDATE invoices
            SET status = 'open', due_on = (period_end + payment_terms)::date
            WHERE status = 'draft' AND period_end <= until;
        END;
        $procedure$
    """),
    dedent("""
        CREATE OR REPLACE FUNCTION app.current_tenant_id()
         RETURNS uuid
         LANGUAGE sql
         STABLE PARALLEL SAFE
        RETURN (NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid
    """),
    "COMMENT ON FUNCTION app.current_tenant_id() IS 'The organisation that this transaction acts for, or NULL.'",
    dedent("""
        CREATE OR REPLACE FUNCTION app.current_user_id()
         RETURNS uuid
         LANGUAGE sql
         STABLE PARALLEL SAFE
        RETURN (NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid
    """),
    "COMMENT ON FUNCTION app.current_user_id() IS 'The signed-in user of this transaction, or NULL.'",
    dedent("""
        CREATE OR REPLACE FUNCTION app.is_platform_admin()
         RETURNS boolean
         LANGUAGE sql
         STABLE SECURITY DEFINER
         SET search_path TO ''
        AS $function$
            SELECT EXISTS (
                SELECT 1
                FROM public.user_roles AS ur
                JOIN public.roles AS r ON r.id = ur.role_id
                WHERE ur.user_id = app.current_user_id() AND r.name = 'platform_admin'
            )
        $function$
    """),
    dedent("""
        CREATE OR REPLACE FUNCTION app.note_last_message()
         RETURNS trigger
         LANGUAGE plpgsql
        AS $function$
        BEGIN
            UPDATE conversations SET last_message_id = NEW.id WHERE id = NEW.conversation_id;
            RETURN NULL;
        END;
        $function$
    """),
    dedent("""
        CREATE OR REPLACE FUNCTION app.touch_updated_at()
         RETURNS trigger
         LANGUAGE plpgsql
        AS $function$
        BEGIN
            NEW.updated_at := CURRENT_TIMESTAMP;
            RETURN NEW;
        END;
        $function$
    """),
    "GRANT USAGE ON SCHEMA app TO app_ro",
    "GRANT USAGE ON SCHEMA app TO app_rw",
    "GRANT EXECUTE ON ROUTINE app.close_billing_period(date, interval) TO app_admin",
    "GRANT EXECUTE ON ROUTINE app.is_platform_admin() TO app_rw",
    dedent("""
        CREATE OR REPLACE FUNCTION audit.record_change()
         RETURNS trigger
         LANGUAGE plpgsql
         SECURITY DEFINER
         SET search_path TO 'pg_catalog', 'audit'
        AS $function$
        DECLARE
            hidden text[] := TG_ARGV;
            before jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - hidden END;
            after jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - hidden END;
        BEGIN
            IF before IS DISTINCT FROM after THEN
                INSERT INTO audit.log (table_schema, table_name, operation, row_key, old_values, new_values, app_user_id)
                VALUES (
                    TG_TABLE_SCHEMA, TG_TABLE_NAME, left(TG_OP, 1), COALESCE(after, before) ->> 'id', before, after,
                    app.current_user_id()
                );
            END IF;
            RETURN NULL;
        END;
        $function$
    """),
    dedent("""
        REVOKE EXECUTE ON ROUTINE
            app.close_billing_period(date, interval),
            app.is_platform_admin(),
            audit.record_change()
        FROM PUBLIC
    """),
    "GRANT SELECT ON countries, currencies TO app_rw",
    dedent("""
        CREATE POLICY organizations_admin ON organizations
            TO app_admin
            USING (( SELECT app.is_platform_admin() AS is_platform_admin))
    """),
    dedent("""
        CREATE POLICY organizations_tenant ON organizations
            TO app_rw
            USING (id = (( SELECT app.current_tenant_id() AS current_tenant_id)))
            WITH CHECK (id = (( SELECT app.current_tenant_id() AS current_tenant_id)))
    """),
    dedent("""
        CREATE OR REPLACE FUNCTION app.outstanding_cents(organization uuid)
         RETURNS bigint
         LANGUAGE sql
         STABLE
        BEGIN ATOMIC
         SELECT (COALESCE(sum(i.balance_cents), (0)::numeric))::bigint AS "coalesce"
            FROM invoices i
           WHERE ((i.organization_id = outstanding_cents.organization) AND (i.status = 'open'::invoice_status));
        END
    """),
    dedent("""
        CREATE POLICY invoices_admin ON invoices
            TO app_admin
            USING (( SELECT app.is_platform_admin() AS is_platform_admin))
            WITH CHECK (( SELECT app.is_platform_admin() AS is_platform_admin))
    """),
    dedent("""
        CREATE POLICY invoices_report ON invoices
            FOR SELECT
            TO app_ro
            USING (true)
    """),
    dedent("""
        CREATE POLICY invoices_tenant ON invoices
            FOR SELECT
            TO app_rw
            USING (organization_id = (( SELECT app.current_tenant_id() AS current_tenant_id)))
    """),
    "ALTER TABLE invoices ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE organizations ENABLE ROW LEVEL SECURITY",
    dedent("""
        CREATE POLICY payment_methods_tenant ON payment_methods
            TO app_rw
            USING (organization_id = (( SELECT app.current_tenant_id() AS current_tenant_id)))
            WITH CHECK (organization_id = (( SELECT app.current_tenant_id() AS current_tenant_id)))
    """),
    "ALTER TABLE payment_methods ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE payment_methods FORCE ROW LEVEL SECURITY",
    "GRANT SELECT (country_code, created_at, deleted_at, id, locale, status) ON users TO app_ro",
    "CREATE TABLE analytics_events_2026_01 PARTITION OF analytics_events FOR VALUES FROM ('2026-01-01 00:00:00+00') TO ('2026-02-01 00:00:00+00')",
    "ALTER TABLE analytics_events_2026_01 ALTER COLUMN properties SET DEFAULT '{}'::jsonb",
    "CREATE TABLE analytics_events_2026_02 PARTITION OF analytics_events FOR VALUES FROM ('2026-02-01 00:00:00+00') TO ('2026-03-01 00:00:00+00')",
    "ALTER TABLE analytics_events_2026_02 ALTER COLUMN properties SET DEFAULT '{}'::jsonb",
    "CREATE TABLE analytics_events_2026_03 PARTITION OF analytics_events FOR VALUES FROM ('2026-03-01 00:00:00+00') TO ('2026-04-01 00:00:00+00')",
    "ALTER TABLE analytics_events_2026_03 ALTER COLUMN properties SET DEFAULT '{}'::jsonb",
    "CREATE TABLE analytics_events_2026_04 PARTITION OF analytics_events FOR VALUES FROM ('2026-04-01 00:00:00+00') TO ('2026-05-01 00:00:00+00')",
    "ALTER TABLE analytics_events_2026_04 ALTER COLUMN properties SET DEFAULT '{}'::jsonb",
    "CREATE TABLE analytics_events_default PARTITION OF analytics_events DEFAULT",
    "ALTER TABLE analytics_events_default ALTER COLUMN properties SET DEFAULT '{}'::jsonb",
    dedent("""
        CREATE POLICY memberships_own ON memberships
            FOR SELECT
            TO app_rw
            USING (user_id = (( SELECT app.current_user_id() AS current_user_id)))
    """),
    dedent("""
        CREATE POLICY memberships_tenant ON memberships
            TO app_rw
            USING (organization_id = (( SELECT app.current_tenant_id() AS current_tenant_id)))
            WITH CHECK (organization_id = (( SELECT app.current_tenant_id() AS current_tenant_id)))
    """),
    "ALTER TABLE memberships ENABLE ROW LEVEL SECURITY",
    dedent("""
        CREATE POLICY notification_preferences_own ON notification_preferences
            TO app_rw
            USING (user_id = (( SELECT app.current_user_id() AS current_user_id)))
            WITH CHECK (user_id = (( SELECT app.current_user_id() AS current_user_id)))
    """),
    "ALTER TABLE notification_preferences ENABLE ROW LEVEL SECURITY",
    dedent("""
        CREATE POLICY notifications_own ON notifications
            TO app_rw
            USING (user_id = (( SELECT app.current_user_id() AS current_user_id)))
    """),
    "ALTER TABLE notifications ENABLE ROW LEVEL SECURITY",
    dedent("""
        CREATE POLICY orders_tenant ON orders
            TO app_rw
            USING (organization_id = (( SELECT app.current_tenant_id() AS current_tenant_id)))
            WITH CHECK (organization_id = (( SELECT app.current_tenant_id() AS current_tenant_id)))
    """),
    dedent("""
        CREATE POLICY bookings_report ON bookings
            FOR SELECT
            TO app_ro
            USING (true)
    """),
    dedent("""
        CREATE POLICY bookings_tenant ON bookings
            TO app_rw
            USING (organization_id = (( SELECT app.current_tenant_id() AS current_tenant_id)))
            WITH CHECK (organization_id = (( SELECT app.current_tenant_id() AS current_tenant_id)))
    """),
    "COMMENT ON POLICY bookings_tenant ON bookings IS 'A session sees and writes the bookings of its organisation.'",
    "CREATE STATISTICS public.stats_bookings_space_status (ndistinct, dependencies) ON space_id, status FROM bookings",
    "ALTER TABLE bookings ENABLE ROW LEVEL SECURITY",
    dedent("""
        CREATE POLICY messages_send_as_self ON messages
            AS RESTRICTIVE
            FOR INSERT
            TO app_rw
            WITH CHECK (sender_id = (( SELECT app.current_user_id() AS current_user_id)))
    """),
    dedent("""
        CREATE POLICY messages_participant ON messages
            TO app_rw
            USING ((EXISTS ( SELECT 1
           FROM conversation_participants p
          WHERE p.conversation_id = messages.conversation_id AND p.user_id = (( SELECT app.current_user_id() AS current_user_id)))))
    """),
    "ALTER TABLE messages ENABLE ROW LEVEL SECURITY",
    dedent("""
        GRANT SELECT, USAGE ON SEQUENCE
            amenities_id_seq,
            feature_flag_overrides_id_seq,
            invoice_number_seq,
            messages_id_seq,
            notification_templates_id_seq,
            notifications_id_seq,
            opening_hours_id_seq,
            order_lines_id_seq,
            product_categories_id_seq
        TO app_rw
    """),
    "ALTER TABLE orders ENABLE ROW LEVEL SECURITY",
    dedent("""
        CREATE MATERIALIZED VIEW space_ratings AS
         SELECT space_id,
            count(*) AS review_count,
            round(avg(rating), 2) AS average_rating,
            max(published_at) AS last_review_at
           FROM reviews
          WHERE state = 'published'::review_state
          GROUP BY space_id
    """),
    "COMMENT ON MATERIALIZED VIEW space_ratings IS 'Published ratings per space; at most ten minutes old.'",
    "CREATE INDEX idx_space_ratings_best ON space_ratings USING btree (average_rating DESC NULLS LAST, review_count DESC)",
    "CREATE UNIQUE INDEX idx_space_ratings_space ON space_ratings USING btree (space_id)",
    "CREATE TRIGGER trigger_bookings_updated_at BEFORE UPDATE ON bookings FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at()",
    "CREATE TRIGGER trigger_feature_flags_updated_at BEFORE UPDATE ON feature_flags FOR EACH ROW WHEN (old.* IS DISTINCT FROM new.*) EXECUTE FUNCTION app.touch_updated_at()",
    "CREATE TRIGGER trigger_invoices_audit AFTER INSERT OR DELETE OR UPDATE ON invoices FOR EACH ROW EXECUTE FUNCTION audit.record_change()",
    "CREATE TRIGGER trigger_invoices_updated_at BEFORE UPDATE ON invoices FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at()",
    "CREATE TRIGGER trigger_locations_updated_at BEFORE UPDATE ON locations FOR EACH ROW WHEN (old.* IS DISTINCT FROM new.*) EXECUTE FUNCTION app.touch_updated_at()",
    "CREATE TRIGGER trigger_memberships_audit AFTER INSERT OR DELETE OR UPDATE ON memberships FOR EACH ROW EXECUTE FUNCTION audit.record_change()",
    "CREATE TRIGGER trigger_memberships_updated_at BEFORE UPDATE ON memberships FOR EACH ROW WHEN (old.* IS DISTINCT FROM new.*) EXECUTE FUNCTION app.touch_updated_at()",
    "CREATE TRIGGER trigger_messages_last_message AFTER INSERT ON messages FOR EACH ROW EXECUTE FUNCTION app.note_last_message()",
    "CREATE CONSTRAINT TRIGGER orders_total_matches_lines AFTER INSERT OR UPDATE OF status, total_cents ON orders DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION app.check_order_total()",
    "CREATE TRIGGER trigger_orders_updated_at BEFORE UPDATE ON orders FOR EACH ROW WHEN (old.* IS DISTINCT FROM new.*) EXECUTE FUNCTION app.touch_updated_at()",
    "CREATE TRIGGER trigger_organizations_updated_at BEFORE UPDATE ON organizations FOR EACH ROW WHEN (old.* IS DISTINCT FROM new.*) EXECUTE FUNCTION app.touch_updated_at()",
    "CREATE TRIGGER trigger_payments_audit AFTER INSERT OR DELETE OR UPDATE ON payments FOR EACH ROW EXECUTE FUNCTION audit.record_change('provider_response')",
    "CREATE TRIGGER trigger_products_updated_at BEFORE UPDATE ON products FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at()",
    "CREATE TRIGGER trigger_reviews_updated_at BEFORE UPDATE ON reviews FOR EACH ROW WHEN (old.* IS DISTINCT FROM new.*) EXECUTE FUNCTION app.touch_updated_at()",
    "CREATE TRIGGER trigger_roles_updated_at BEFORE UPDATE ON roles FOR EACH ROW WHEN (old.* IS DISTINCT FROM new.*) EXECUTE FUNCTION app.touch_updated_at()",
    "CREATE TRIGGER trigger_spaces_search_vector BEFORE INSERT OR UPDATE OF name, description, tags ON spaces FOR EACH ROW EXECUTE FUNCTION update_spaces_search_vector()",
    "CREATE TRIGGER trigger_spaces_updated_at BEFORE UPDATE ON spaces FOR EACH ROW WHEN (old.* IS DISTINCT FROM new.*) EXECUTE FUNCTION app.touch_updated_at()",
    "CREATE TRIGGER trigger_users_audit AFTER INSERT OR DELETE OR UPDATE ON users FOR EACH ROW EXECUTE FUNCTION audit.record_change('password_hash')",
    "CREATE TRIGGER trigger_users_updated_at BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION app.touch_updated_at()",
    dedent("""
        CREATE OR REPLACE VIEW upcoming_bookings WITH (security_invoker = 'true') AS
         SELECT b.id,
            b.organization_id,
            s.location_id,
            b.space_id,
            s.name AS space_name,
            b.during,
            b.status,
            b.title,
            b.booked_by
           FROM bookings b
             JOIN spaces s ON s.id = b.space_id
          WHERE (b.status = ANY (ARRAY['held'::booking_status, 'confirmed'::booking_status, 'checked_in'::booking_status])) AND upper(b.during) > CURRENT_TIMESTAMP
    """),
    "COMMENT ON VIEW upcoming_bookings IS 'Bookings that are not over, with the name of their space.'",
    dedent("""
        GRANT SELECT ON
            amenities,
            analytics_events,
            analytics_events_2026_01,
            analytics_events_2026_02,
            analytics_events_2026_03,
            analytics_events_2026_04,
            analytics_events_default,
            booking_attendees,
            booking_policies,
            bookings,
            conversation_participants,
            conversations,
            countries,
            currencies,
            discount_codes,
            feature_flag_overrides,
            feature_flags,
            invoice_orders,
            invoices,
            locations,
            memberships,
            message_attachments,
            messages,
            notification_preferences,
            notification_rate_limits,
            notification_templates,
            notifications,
            opening_hours,
            order_discounts,
            order_lines,
            orders,
            organizations,
            payments,
            product_categories,
            product_category_links,
            product_prices,
            products,
            refunds,
            review_votes,
            reviews,
            roles,
            space_amenities,
            space_ratings,
            spaces,
            team_members,
            teams,
            upcoming_bookings,
            usage_daily,
            user_roles,
            waitlist_entries
        TO app_ro
    """),
    dedent("""
        GRANT DELETE, INSERT, SELECT, UPDATE ON
            amenities,
            analytics_events,
            analytics_events_2026_01,
            analytics_events_2026_02,
            analytics_events_2026_03,
            analytics_events_2026_04,
            analytics_events_default,
            booking_attendees,
            booking_policies,
            bookings,
            conversation_participants,
            conversations,
            discount_codes,
            feature_flag_overrides,
            feature_flags,
            invitations,
            invoice_orders,
            invoices,
            locations,
            memberships,
            message_attachments,
            messages,
            notification_preferences,
            notification_rate_limits,
            notification_templates,
            notifications,
            opening_hours,
            order_discounts,
            order_lines,
            orders,
            organizations,
            payment_methods,
            payments,
            product_categories,
            product_category_links,
            product_prices,
            products,
            refunds,
            review_votes,
            reviews,
            roles,
            space_amenities,
            space_ratings,
            spaces,
            team_members,
            teams,
            upcoming_bookings,
            usage_daily,
            user_roles,
            user_sessions,
            users,
            waitlist_entries
        TO app_rw
    """),
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, USAGE ON SEQUENCES TO app_rw",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO app_ro",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT DELETE, INSERT, SELECT, UPDATE ON TABLES TO app_rw",
    "SET LOCAL check_function_bodies = on",
)

GONE_FIRST = (
    "DROP VIEW IF EXISTS upcoming_bookings",
    "DROP MATERIALIZED VIEW IF EXISTS space_ratings",
    "DROP POLICY IF EXISTS messages_participant ON messages",
    "DROP POLICY IF EXISTS messages_send_as_self ON messages",
    "DROP POLICY IF EXISTS bookings_tenant ON bookings",
    "DROP POLICY IF EXISTS bookings_report ON bookings",
    "DROP POLICY IF EXISTS orders_tenant ON orders",
    "DROP POLICY IF EXISTS notifications_own ON notifications",
    "DROP POLICY IF EXISTS notification_preferences_own ON notification_preferences",
    "DROP POLICY IF EXISTS memberships_tenant ON memberships",
    "DROP POLICY IF EXISTS memberships_own ON memberships",
    "DROP POLICY IF EXISTS payment_methods_tenant ON payment_methods",
    "DROP POLICY IF EXISTS invoices_tenant ON invoices",
    "DROP POLICY IF EXISTS invoices_report ON invoices",
    "DROP POLICY IF EXISTS invoices_admin ON invoices",
    "DROP FUNCTION IF EXISTS app.outstanding_cents(uuid)",
    "DROP POLICY IF EXISTS organizations_tenant ON organizations",
    "DROP POLICY IF EXISTS organizations_admin ON organizations",
)


@event.listens_for(Base.metadata, "after_create")
def create_objects(
    target: sa.MetaData, connection: sa.Connection, **options: Any
) -> None:
    """Run the statements above once all tables are new: a part of them is not enough."""
    ddl: Any = sa.DDL  # SQLAlchemy does not type its constructor
    if len(options.get("tables") or ()) == len(target.tables):
        for statement in AFTERWARDS:
            connection.execute(ddl(statement))


@event.listens_for(Base.metadata, "before_drop")
def drop_objects(
    target: sa.MetaData, connection: sa.Connection, **options: Any
) -> None:
    """Drop views and policies, which hold other tables than their own, before all go."""
    ddl: Any = sa.DDL  # SQLAlchemy does not type its constructor
    if len(options.get("tables") or ()) == len(target.tables):
        for statement in GONE_FIRST:
            connection.execute(ddl(statement))
