DELETE FROM ${state} WHERE table_name = ${tag}
