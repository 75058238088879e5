"""Checklist sessions: a person's progress through the steps of one revision.

There are no accounts: a client that has the session's token can read or change it.
"""
