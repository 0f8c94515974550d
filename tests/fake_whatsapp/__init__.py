"""A WhatsApp server for the tests of the embedded engine, on the loopback; ``server.FakeWhatsApp`` is the way in.

The unmodified neonize library reaches it through an HTTP proxy and a test authority, pairs with it, and sends and
receives through it with real encryption. Nothing of it ships.
"""
