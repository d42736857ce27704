"""Database Security & Compliance

Section 5.S of docs/06-technical-specification.md, lines 1571 to 1687.
Makes 3 roles, 15 policies.

Revision ID: 0013
Revises: 0012
Create Date: 2026-11-22 20:55:50.939593
"""

from collections.abc import Sequence
from textwrap import dedent

from alembic import op

revision: str = "0013"
down_revision: str | Sequence[str] | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # Everything here is new: the release that is running does not see it (5.M.2).
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.execute(
        dedent("""
            DO $$
            BEGIN
                IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'app_rw') THEN
                    CREATE ROLE app_rw NOLOGIN;
                END IF;
            END
            $$
        """)
    )

    op.execute(
        dedent("""
            DO $$
            BEGIN
                IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'app_ro') THEN
                    CREATE ROLE app_ro NOLOGIN;
                END IF;
            END
            $$
        """)
    )

    op.execute(
        dedent("""
            DO $$
            BEGIN
                IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'app_admin') THEN
                    CREATE ROLE app_admin NOLOGIN;
                END IF;
            END
            $$
        """)
    )

    op.execute("GRANT app_rw TO app_admin")

    op.execute(
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
        """)
    )
    op.execute(
        dedent("""
            GRANT DELETE, INSERT, SELECT, UPDATE ON
                amenities,
                analytics_events,
                analytics_events_2026_01,
                analytics_events_2026_02,
                analytics_events_2026_03,
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
                space_photos,
                space_ratings,
                spaces,
                team_members,
                teams,
                upcoming_bookings,
                usage_daily,
                user_roles,
                user_sessions,
                users
            TO app_rw
        """)
    )
    op.execute("GRANT USAGE ON SCHEMA app, public TO app_ro")
    op.execute(
        dedent("""
            GRANT SELECT ON
                amenities,
                analytics_events,
                analytics_events_2026_01,
                analytics_events_2026_02,
                analytics_events_2026_03,
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
                space_photos,
                space_ratings,
                spaces,
                team_members,
                teams,
                upcoming_bookings,
                usage_daily,
                user_roles
            TO app_ro
        """)
    )
    op.execute("GRANT SELECT ON countries, currencies TO app_rw")
    op.execute(
        "GRANT SELECT (country_code, created_at, deleted_at, id, locale, status) ON users TO app_ro",
    )
    op.execute("GRANT USAGE ON SCHEMA app, public TO app_rw")
    op.execute("GRANT EXECUTE ON ROUTINE app.is_platform_admin() TO app_rw")
    op.execute(
        dedent("""
            REVOKE EXECUTE ON ROUTINE
                app.close_billing_period(date, interval),
                app.is_platform_admin(),
                audit.record_change()
            FROM PUBLIC
        """)
    )
    op.execute(
        "GRANT EXECUTE ON ROUTINE app.close_billing_period(date, interval) TO app_admin",
    )

    op.execute(
        dedent("""
            CREATE POLICY organizations_tenant ON organizations TO app_rw
                USING (id = (SELECT app.current_tenant_id()))
                WITH CHECK (id = (SELECT app.current_tenant_id()))
        """)
    )

    op.execute(
        dedent("""
            CREATE POLICY organizations_admin ON organizations TO app_admin
                USING ((SELECT app.is_platform_admin()))
        """)
    )

    op.execute("ALTER TABLE organizations ENABLE ROW LEVEL SECURITY")

    op.execute(
        dedent("""
            CREATE POLICY memberships_tenant ON memberships TO app_rw
                USING (organization_id = (SELECT app.current_tenant_id()))
                WITH CHECK (organization_id = (SELECT app.current_tenant_id()))
        """)
    )

    op.execute(
        dedent("""
            CREATE POLICY memberships_own ON memberships FOR SELECT TO app_rw
                USING (user_id = (SELECT app.current_user_id()))
        """)
    )

    op.execute("ALTER TABLE memberships ENABLE ROW LEVEL SECURITY")

    op.execute(
        dedent("""
            CREATE POLICY bookings_tenant ON bookings TO app_rw
                USING (organization_id = (SELECT app.current_tenant_id()))
                WITH CHECK (organization_id = (SELECT app.current_tenant_id()))
        """)
    )
    op.execute(
        "COMMENT ON POLICY bookings_tenant ON bookings IS 'A session sees and writes the bookings of its organisation.'",
    )

    op.execute(
        "CREATE POLICY bookings_report ON bookings FOR SELECT TO app_ro USING (true)",
    )

    op.execute("ALTER TABLE bookings ENABLE ROW LEVEL SECURITY")

    op.execute(
        dedent("""
            CREATE POLICY orders_tenant ON orders TO app_rw
                USING (organization_id = (SELECT app.current_tenant_id()))
                WITH CHECK (organization_id = (SELECT app.current_tenant_id()))
        """)
    )

    op.execute("ALTER TABLE orders ENABLE ROW LEVEL SECURITY")

    op.execute(
        dedent("""
            CREATE POLICY invoices_tenant ON invoices FOR SELECT TO app_rw
                USING (organization_id = (SELECT app.current_tenant_id()))
        """)
    )

    op.execute(
        dedent("""
            CREATE POLICY invoices_admin ON invoices TO app_admin
                USING ((SELECT app.is_platform_admin()))
                WITH CHECK ((SELECT app.is_platform_admin()))
        """)
    )

    op.execute(
        "CREATE POLICY invoices_report ON invoices FOR SELECT TO app_ro USING (true)",
    )

    op.execute("ALTER TABLE invoices ENABLE ROW LEVEL SECURITY")

    op.execute(
        dedent("""
            CREATE POLICY payment_methods_tenant ON payment_methods TO app_rw
                USING (organization_id = (SELECT app.current_tenant_id()))
                WITH CHECK (organization_id = (SELECT app.current_tenant_id()))
        """)
    )

    op.execute("ALTER TABLE payment_methods ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE payment_methods FORCE ROW LEVEL SECURITY")

    op.execute(
        dedent("""
            CREATE POLICY messages_participant ON messages TO app_rw
                USING (EXISTS (
                    SELECT 1
                    FROM conversation_participants AS p
                    WHERE p.conversation_id = messages.conversation_id AND p.user_id = (SELECT app.current_user_id())
                ))
        """)
    )

    op.execute(
        dedent("""
            CREATE POLICY messages_send_as_self ON messages AS RESTRICTIVE FOR INSERT TO app_rw
                WITH CHECK (sender_id = (SELECT app.current_user_id()))
        """)
    )

    op.execute("ALTER TABLE messages ENABLE ROW LEVEL SECURITY")

    op.execute(
        dedent("""
            CREATE POLICY notifications_own ON notifications TO app_rw
                USING (user_id = (SELECT app.current_user_id()))
        """)
    )

    op.execute("ALTER TABLE notifications ENABLE ROW LEVEL SECURITY")

    op.execute(
        dedent("""
            CREATE POLICY notification_preferences_own ON notification_preferences TO app_rw
                USING (user_id = (SELECT app.current_user_id()))
                WITH CHECK (user_id = (SELECT app.current_user_id()))
        """)
    )

    op.execute("ALTER TABLE notification_preferences ENABLE ROW LEVEL SECURITY")

    op.execute(
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, USAGE ON SEQUENCES TO app_rw",
    )
    op.execute(
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO app_ro",
    )
    op.execute(
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT DELETE, INSERT, SELECT, UPDATE ON TABLES TO app_rw",
    )


def downgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("SET LOCAL statement_timeout = '30s'")

    op.execute(
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE DELETE, INSERT, SELECT, UPDATE ON TABLES FROM app_rw",
    )
    op.execute(
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE SELECT ON TABLES FROM app_ro",
    )
    op.execute(
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE SELECT, USAGE ON SEQUENCES FROM app_rw",
    )
    op.execute("ALTER TABLE notification_preferences DISABLE ROW LEVEL SECURITY")
    op.execute("DROP POLICY notification_preferences_own ON notification_preferences")
    op.execute("ALTER TABLE notifications DISABLE ROW LEVEL SECURITY")
    op.execute("DROP POLICY notifications_own ON notifications")
    op.execute("ALTER TABLE messages DISABLE ROW LEVEL SECURITY")
    op.execute("DROP POLICY messages_send_as_self ON messages")
    op.execute("DROP POLICY messages_participant ON messages")
    op.execute("ALTER TABLE payment_methods NO FORCE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE payment_methods DISABLE ROW LEVEL SECURITY")
    op.execute("DROP POLICY payment_methods_tenant ON payment_methods")
    op.execute("ALTER TABLE invoices DISABLE ROW LEVEL SECURITY")
    op.execute("DROP POLICY invoices_report ON invoices")
    op.execute("DROP POLICY invoices_admin ON invoices")
    op.execute("DROP POLICY invoices_tenant ON invoices")
    op.execute("ALTER TABLE orders DISABLE ROW LEVEL SECURITY")
    op.execute("DROP POLICY orders_tenant ON orders")
    op.execute("ALTER TABLE bookings DISABLE ROW LEVEL SECURITY")
    op.execute("DROP POLICY bookings_report ON bookings")
    op.execute("DROP POLICY bookings_tenant ON bookings")
    op.execute("ALTER TABLE memberships DISABLE ROW LEVEL SECURITY")
    op.execute("DROP POLICY memberships_own ON memberships")
    op.execute("DROP POLICY memberships_tenant ON memberships")
    op.execute("ALTER TABLE organizations DISABLE ROW LEVEL SECURITY")
    op.execute("DROP POLICY organizations_admin ON organizations")
    op.execute("DROP POLICY organizations_tenant ON organizations")
    op.execute(
        "REVOKE EXECUTE ON ROUTINE app.close_billing_period(date, interval) FROM app_admin",
    )
    op.execute(
        dedent("""
            GRANT EXECUTE ON ROUTINE
                app.close_billing_period(date, interval),
                app.is_platform_admin(),
                audit.record_change()
            TO PUBLIC
        """)
    )
    op.execute("REVOKE EXECUTE ON ROUTINE app.is_platform_admin() FROM app_rw")
    op.execute("REVOKE USAGE ON SCHEMA app, public FROM app_rw")
    op.execute(
        "REVOKE SELECT (country_code, created_at, deleted_at, id, locale, status) ON users FROM app_ro",
    )
    op.execute("REVOKE SELECT ON countries, currencies FROM app_rw")
    op.execute(
        dedent("""
            REVOKE SELECT ON
                amenities,
                analytics_events,
                analytics_events_2026_01,
                analytics_events_2026_02,
                analytics_events_2026_03,
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
                space_photos,
                space_ratings,
                spaces,
                team_members,
                teams,
                upcoming_bookings,
                usage_daily,
                user_roles
            FROM app_ro
        """)
    )
    op.execute("REVOKE USAGE ON SCHEMA app, public FROM app_ro")
    op.execute(
        dedent("""
            REVOKE DELETE, INSERT, SELECT, UPDATE ON
                amenities,
                analytics_events,
                analytics_events_2026_01,
                analytics_events_2026_02,
                analytics_events_2026_03,
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
                space_photos,
                space_ratings,
                spaces,
                team_members,
                teams,
                upcoming_bookings,
                usage_daily,
                user_roles,
                user_sessions,
                users
            FROM app_rw
        """)
    )
    op.execute(
        dedent("""
            REVOKE SELECT, USAGE ON SEQUENCE
                amenities_id_seq,
                feature_flag_overrides_id_seq,
                invoice_number_seq,
                messages_id_seq,
                notification_templates_id_seq,
                notifications_id_seq,
                opening_hours_id_seq,
                order_lines_id_seq,
                product_categories_id_seq
            FROM app_rw
        """)
    )
    op.execute("REVOKE app_rw FROM app_admin")
    # Kept: app_rw, app_ro, app_admin; roles are shared by all databases of the server.
