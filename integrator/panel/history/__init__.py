"""The history page's own parts: what was asked for, and files of it."""
