"""What only Windows has, in small modules: each is empty elsewhere and says so by what it offers.

A module here is guarded by ``sys.platform`` and read with ``mypy --platform win32`` in the test command.
"""
