"""The documents in docs/ that are made from code and catalogue."""
