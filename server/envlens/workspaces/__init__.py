"""What stands behind the port `core.workspace.port`: adapters, which the composition root alone constructs."""
