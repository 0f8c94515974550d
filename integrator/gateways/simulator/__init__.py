"""A WhatsApp that only exists on this computer: for tests, for the demo and for trying a configuration safely.

It runs as a process of its own with its own ledger on disk, so that it remains a witness when the engine is killed.
Read ``simulation.py`` first (what the pretended WhatsApp does), then ``server.py`` (the process) and ``client.py``
(the :class:`~integrator.sending.ports.Gateway`); ``page.py`` draws what customers received.
"""
