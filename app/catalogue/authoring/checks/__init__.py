"""Rules that hold across the fields and files of the catalogue.

One function per rule: it collects, it does not stop, and its findings say where and how to fix it.
`run.check` applies all of them.
"""
