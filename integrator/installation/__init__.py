"""Whether this installation may write to customers: who it is, who is authorised, and what happens while it must ask.

An installation is a journal on a computer with a database in its place. ``standing.py`` judges, ``authorisation.py``
keeps the word of it in the ERP's database, ``simulation.py`` is what runs while it asks.
"""
