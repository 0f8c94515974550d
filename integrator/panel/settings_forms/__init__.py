"""Forms over ``config.toml``: what is shown of a key, what was typed, what is wrong with it, and what is saved."""
