"""Development data for schemas that no one here wrote: the share of tables filled, and rows refused on the way."""
