"""Reads, writes, merges and checks the gettext files with the texts of the service."""
