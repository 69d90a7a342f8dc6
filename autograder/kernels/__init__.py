"""Reference kernels: pure NumPy, one module per chapter."""
