-- A user's init.lua, with the two lines of editors/neovim/README.md (given by the test) and the command under test.
vim.o.swapfile = false
vim.lsp.config('envlens', { cmd = vim.json.decode(vim.env.ENVLENS_COMMAND) })
assert(loadstring(vim.env.ENVLENS_SETUP))()
