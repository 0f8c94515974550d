"""Rows of the queue as pages show them: what is asked for, one row in full, and what people decide about them."""
