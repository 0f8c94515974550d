"""The sending engine: what is due, at which pace, exactly once."""
