"""Rules across the fields and files of the catalogue.

Each rule is one function. Its docstring states the rule. It yields a finding for each violation,
with the location and the fix. `run.check` applies all rules.
"""
