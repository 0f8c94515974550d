"""What is needed to see the product work with no shop at hand: sample ERPs and the demonstration's run."""
