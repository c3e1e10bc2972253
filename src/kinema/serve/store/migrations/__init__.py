"""Changes of the tables, oldest first; `database.Database.migrate` runs them."""
