"""One call of one function: its arguments as data, what came of it, as bytes."""
