"""What people write back: words that are obeyed, answers, and reminders that wait while somebody talks."""
