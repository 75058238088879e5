"""The `kaiyaku` command: `commands` lists the commands, the other modules do their work."""
