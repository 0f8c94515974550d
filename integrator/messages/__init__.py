"""What is written to customers: the small message language, the values it prints and the default texts."""
