"""WhatsApp by a linked device, in a process of its own: no server to install."""
