"""The day in figures: on the first page, and once a day on the owner's WhatsApp."""
