"""Where environments are registered: the port, what passes through it, and how a version is told from another.

What lies behind the port (SQLite, later Azure ML) stands in `envlens.workspaces`; nothing here knows it.
"""
