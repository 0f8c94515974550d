"""Development tools: set-up, a private Firebird for tests and the demo, the feature table. Never shipped."""
