"""The log as a page: its days, its lines from the newest on, and the doctor with its bundle."""
