"""What is said of a wrong answer: evidence with proof, and never a verdict."""
