"""Integrador: sends the messages that an ERP queued in its Firebird database over WhatsApp."""

__version__ = "0.1.0"
