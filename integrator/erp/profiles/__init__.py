"""Profiles: TOML files that tell how to read, and only read, an ERP that does not fill ``WA_FILA``.

``loader`` reads the file, ``sql_check`` refuses what is no harmless SELECT, ``canonical`` knows the columns that each
source must give, ``source`` turns rows into the closing's words, ``check`` and ``preview`` are for who writes one.
The format is explained in ``docs/perfis.md``.
"""
