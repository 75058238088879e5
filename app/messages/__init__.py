"""Texts for people, and how dates and numbers are put into them."""
