"""What is said in other languages: catalogues of the code, texts of the chapters."""
