"""What the first page shows: ``glance.py`` reads it, ``concerns.py`` says what needs a person, ``chart.py`` draws."""
