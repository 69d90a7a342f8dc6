"""Runs student code: what keeps it in, and the trusted end of the channel to it."""
