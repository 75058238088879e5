"""Timelines: the dates that follow from a procedure's timing rules and a person's facts."""
