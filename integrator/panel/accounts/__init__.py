"""People of the panel: accounts, passwords, sessions, one-time links, login limits, and who did what."""
