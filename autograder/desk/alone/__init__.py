"""What only somebody gets who studies alone, and whose words nobody reads."""
