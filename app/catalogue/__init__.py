"""What carriers and procedures are: from reviewed files to a published edition to answers."""
