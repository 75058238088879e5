"""Localized texts: loaded from gettext files, filled with dates and numbers."""
