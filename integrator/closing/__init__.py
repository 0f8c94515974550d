"""Our own nightly closing, for ERPs that do not fill ``WA_FILA``: which debts and documents become queue rows.

Pure choices (:mod:`.ruler`, :mod:`.plan`) between two ports: a source that reads the ERP through its profile, and an
outbox that writes ``WA_*``. Nothing here knows Firebird.
"""
