"""What the page Mensagens stands on: the shop's choices in the configuration, versions of texts, and trials of them."""
