"""envlens: a linter and language server for Azure Machine Learning environment definitions."""

__version__ = "0.1.0"
