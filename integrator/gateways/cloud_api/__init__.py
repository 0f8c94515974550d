"""Meta's official WhatsApp API."""
