"""The dates that follow from a procedure's rules and a person's facts."""
