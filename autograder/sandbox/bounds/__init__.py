"""What the kernel bounds and counts of one notebook, and what is looked at instead."""
