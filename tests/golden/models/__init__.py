"""The models of shop, one module for each section of its specification."""

from .accounts import Role, User, user_roles
from .base import Base
from .sales import Order, OrderItem, OrderStatus, Receipt, log_lines

__all__ = [
    "Base",
    "Order",
    "OrderItem",
    "OrderStatus",
    "Receipt",
    "Role",
    "User",
    "log_lines",
    "user_roles",
]
