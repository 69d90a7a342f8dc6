"""What all pictures share: colours, the names of lines, numbers on axes, SVG."""

WORDS_ONLY = "AUTOGRADER_WORDS_ONLY"
"""With this variable set a figure is not drawn, only its alt text is shown."""
