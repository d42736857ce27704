Rows of the seeds: ${contents}.
Rows that are there already stay as they are; a value is changed only where it is still what it was before.
The downgrade removes rows that this revision inserted, that nobody has changed and that nothing refers to.

${"Downgrade locks:".ljust(17)}${tables} (while rows are read or written)
