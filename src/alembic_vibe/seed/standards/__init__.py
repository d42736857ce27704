"""Reference data that the specification asks for by name: countries, currencies, time zones, feature flags."""
