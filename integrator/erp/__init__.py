"""The ERP's Firebird database: connection, the ``WA_*`` contract and the queue."""
