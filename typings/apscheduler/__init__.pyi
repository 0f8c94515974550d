"""What the project uses of APScheduler 3: a ticker."""
