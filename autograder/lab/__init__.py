"""What notebooks draw with. Imports nothing else of this package."""
