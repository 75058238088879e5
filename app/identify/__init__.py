"""The companies that can be behind a SIM, from clues."""
