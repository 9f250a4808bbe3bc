"""The world at one moment: parsed files, the files they draw on, facts and settings. Immutable."""
