"""Reads, checks and publishes the files of the catalogue."""
