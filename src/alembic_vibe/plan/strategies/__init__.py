"""One module per kind of object: how it is made and unmade. Found by discovery."""
