"""What API and workers share: `tables` in one database, `objects` in a folder or a bucket."""
