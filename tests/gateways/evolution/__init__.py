"""The Evolution API adapter against a loopback server that replays what real servers (2.3.6, 2.3.7) answered."""
