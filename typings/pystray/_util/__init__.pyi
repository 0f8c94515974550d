"""pystray's calls of the system."""
