"""Checklist sessions: a person's progress through one revision, opened by a token."""
