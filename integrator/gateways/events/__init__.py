"""What pushed engines told, kept on disk until every database that shares the number has read it."""
