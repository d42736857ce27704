"""Development data beside what is usually taken for it: rows that the schema accepts, and rows a second."""
