"""A person's checklist session: one progress through one revision, reached by an unguessable token."""
