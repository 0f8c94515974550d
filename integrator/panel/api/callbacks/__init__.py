"""Who is told of each change of a message: addresses, what is still to be told, and the thread that tells it."""
