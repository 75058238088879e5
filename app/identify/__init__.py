"""Identification: which companies can be behind a SIM, according to clues."""
