"""The rules of the business, pure: no I/O, no clock, no randomness."""
