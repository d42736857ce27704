-- The tables of publications: their columns and row filters depend on columns, not the publications themselves.
SELECT oid, prpubid FROM pg_publication_rel
