"""The catalogue: carriers and procedures, from reviewed files to a published edition to the API."""
