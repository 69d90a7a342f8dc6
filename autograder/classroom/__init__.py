"""Many notebooks: a class, processes and machines to grade it, results kept."""
