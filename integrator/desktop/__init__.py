"""What the person at the computer sees: the tray icon and the small windows.

The desktop never touches the engine: it asks through :class:`integrator.desktop.engine.Engine`, so that closing a
window, or the whole desktop of a computer where the engine is a service, stops no message. Tk belongs to the main
thread; everything that may take time happens elsewhere and comes back through :mod:`integrator.desktop.loop`.
"""
