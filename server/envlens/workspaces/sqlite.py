"""The embedded workspace: one SQLite file."""
