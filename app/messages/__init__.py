"""Texts for people: loaded from gettext files, filled with dates and numbers."""
