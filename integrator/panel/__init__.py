"""The panel: everything people do every day, as pages served by the daemon to the browser.

``app.py`` puts routes and guards together, ``pages/`` has one module and template for each page, ``visit.py`` is what
a page is given, ``premises.py`` what all pages stand on. ``accounts/`` knows people, sessions and who did what.
The panel reads and decides through its own attachment: it never waits for the engine and the engine never for it.
"""
