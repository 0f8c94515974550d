"""Evolution API v2: a WhatsApp gateway that the shop runs on a server."""
