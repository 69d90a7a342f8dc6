"""What happened: cases, calls, comparison, diagnosis and the message."""
