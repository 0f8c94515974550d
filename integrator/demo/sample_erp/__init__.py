"""An invented shop's ERP, made like those of the Firebird 2.5 era: its database, its people and debts, its closing.

``build`` is the entrance. ``people``, ``phones``, ``boletos`` and ``debts`` invent from a seed; ``cast`` puts the
customers together, each with what it shows; ``expectations`` tells what must become of their messages; ``store`` writes
everything; the ERP's own tables and procedures are in ``tabelas.sql`` and ``procedimentos.sql``.
"""
