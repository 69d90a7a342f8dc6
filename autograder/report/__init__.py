"""What a class has understood and what not, for a teacher: a page and tables."""
