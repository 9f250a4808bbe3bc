"""Holds the current state of the world and makes snapshots of it: the disk, the settings, the catalogues, the edits."""
