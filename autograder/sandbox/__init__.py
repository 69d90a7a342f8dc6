"""Runs student code: what walls it off, and the trusted end of the channel to it."""
