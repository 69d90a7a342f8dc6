"""What comes of grading, for people and for other programs."""
