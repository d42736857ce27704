SELECT classoid, objoid, objsubid, description FROM pg_description WHERE objoid >= 16384 OR objoid = 2200
