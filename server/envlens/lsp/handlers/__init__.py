"""One module for each group of LSP methods. Handlers take the server first and use no globals."""
