"""From an author's text to solution notebooks and releases, and what proves them.

`products.build` and `edits.from_ipynb` are the two ways;
`running` runs notebooks as tests, `leaks` looks for answers in releases.
"""
