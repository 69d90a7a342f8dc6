"""The words of a message in every language: sentences, lists, lines."""
