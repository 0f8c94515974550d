"""Conectar WhatsApp: a phone is connected to one of the sender numbers, shown when it is, and let go of.

``talk`` asks the engine and keeps what was done, ``stage`` decides what that means, ``window`` and the screens show it.
"""
