"""The models of harbourdesk, one module for each section of its specification."""

from . import ddl, objects
from .analytics_events import AnalyticsEvent, EventSource, UsageDaily
from .base import Base
from .bookings import (
    Booking,
    BookingAttendee,
    BookingPolicy,
    BookingStatus,
    WaitlistEntry,
)
from .core_system import (
    AccountStatus,
    Country,
    Currency,
    Role,
    User,
    UserRole,
    UserSession,
)
from .feature_flags_audit import FeatureFlag, FeatureFlagOverride, Log
from .invoices_payments import (
    Invoice,
    InvoiceOrder,
    InvoiceStatus,
    Payment,
    PaymentMethod,
    PaymentMethodKind,
    PaymentStatus,
    Refund,
)
from .locations_spaces import (
    Amenity,
    Location,
    OpeningHour,
    Space,
    SpaceKind,
    space_amenities,
)
from .messaging import Conversation, ConversationParticipant, Message, MessageAttachment
from .notifications import (
    Notification,
    NotificationChannel,
    NotificationPreference,
    NotificationRateLimit,
    NotificationTemplate,
)
from .orders import (
    DiscountCode,
    DiscountKind,
    Order,
    OrderDiscount,
    OrderLine,
    OrderStatus,
)
from .organisations_membership import (
    Invitation,
    Membership,
    MembershipRole,
    Organization,
    Team,
    TeamMember,
)
from .product_catalogue import (
    Product,
    ProductCategory,
    ProductKind,
    ProductPrice,
    product_category_links,
)
from .reviews_ratings import Review, ReviewState, ReviewVote

__all__ = [
    "AccountStatus",
    "Amenity",
    "AnalyticsEvent",
    "Base",
    "Booking",
    "BookingAttendee",
    "BookingPolicy",
    "BookingStatus",
    "Conversation",
    "ConversationParticipant",
    "Country",
    "Currency",
    "DiscountCode",
    "DiscountKind",
    "EventSource",
    "FeatureFlag",
    "FeatureFlagOverride",
    "Invitation",
    "Invoice",
    "InvoiceOrder",
    "InvoiceStatus",
    "Location",
    "Log",
    "Membership",
    "MembershipRole",
    "Message",
    "MessageAttachment",
    "Notification",
    "NotificationChannel",
    "NotificationPreference",
    "NotificationRateLimit",
    "NotificationTemplate",
    "OpeningHour",
    "Order",
    "OrderDiscount",
    "OrderLine",
    "OrderStatus",
    "Organization",
    "Payment",
    "PaymentMethod",
    "PaymentMethodKind",
    "PaymentStatus",
    "Product",
    "ProductCategory",
    "ProductKind",
    "ProductPrice",
    "Refund",
    "Review",
    "ReviewState",
    "ReviewVote",
    "Role",
    "Space",
    "SpaceKind",
    "Team",
    "TeamMember",
    "UsageDaily",
    "User",
    "UserRole",
    "UserSession",
    "WaitlistEntry",
    "ddl",
    "objects",
    "product_category_links",
    "space_amenities",
]
