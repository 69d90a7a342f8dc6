"""What all pictures share: colours, the names of lines, numbers on axes, SVG."""
