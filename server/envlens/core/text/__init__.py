"""Text, positions in it, and what is said about it. Nothing here knows YAML or Azure ML."""
