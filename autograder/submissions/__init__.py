"""What was handed in: files, names, times, and the cells of a notebook."""
