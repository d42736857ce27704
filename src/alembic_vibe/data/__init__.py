"""Rows that satisfy every constraint of a schema: development data, and test data at the edges."""
