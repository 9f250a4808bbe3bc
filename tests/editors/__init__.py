"""Tests of envlens inside real editors: VS Code (as code-server) and Neovim."""
