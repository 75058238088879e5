"""What to do, by when, and who can be reached: pure functions of the catalogue's rules and a person's facts."""
