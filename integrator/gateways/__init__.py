"""WhatsApp engines behind one port (:class:`integrator.sending.ports.Gateway`)."""
