"""The window "Conexão com o banco": where the ERP's database is, a test of it in words, and what comes with it.

``window.py`` puts the parts together; ``trial.py`` tries a connection in a process of its own; ``stored.py`` and
``saving.py`` read and write configuration and password.
"""
