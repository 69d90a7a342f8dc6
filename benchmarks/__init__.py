"""Measurements behind the figures that README.md quotes: `make bench`."""
