"""Block documents: what a shop may lay out by itself (statement, agreement, quote, order…), told in TOML files.

``models`` finds and reads them (``loader``, strict, with line and column), ``draw`` makes the PDF. What the law wants
on a document (``rules``) is drawn by the engine and is not in the files.
"""
