"""From an author's text to solution notebooks and releases, and what proves them."""
