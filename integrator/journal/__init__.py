"""The local journal: what this computer posted, in SQLite, durable before each byte leaves."""
