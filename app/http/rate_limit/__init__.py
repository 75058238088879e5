"""How often one client may send requests that cost something."""
