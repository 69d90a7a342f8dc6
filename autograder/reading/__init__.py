"""Written answers, and who reads them."""
