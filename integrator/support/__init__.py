"""What helps whoever supports a shop: the doctor, the support bundle, and the move to another computer."""
