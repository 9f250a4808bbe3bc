-- Neovim 0.11 reads this file from the runtime path when `vim.lsp.enable('envlens')` is called.
---@type vim.lsp.Config
return {
  cmd = { 'envlens', 'server' },
  filetypes = { 'yaml', 'dockerfile', 'requirements' },
  root_markers = { 'envlens.toml', 'pyproject.toml', '.git' },
  settings = { envlens = vim.empty_dict() },
}
