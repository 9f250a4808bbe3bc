-- Neovim 0.11 reads this file from the runtime path when `vim.lsp.enable('envlens')` is called.

-- Neovim 0.11 asks for code lenses only when it is told to; later versions have a switch for it.
local function show_lenses(buffer)
  if vim.lsp.codelens.enable then
    vim.lsp.codelens.enable(true, { bufnr = buffer })
    return
  end
  local function refresh()
    vim.lsp.codelens.refresh({ bufnr = buffer })
  end
  vim.api.nvim_create_autocmd({ 'BufEnter', 'BufWritePost', 'InsertLeave', 'TextChanged' }, {
    group = vim.api.nvim_create_augroup('envlens.lenses.' .. buffer, {}),
    buffer = buffer,
    callback = refresh,
  })
  refresh()
end

---@type vim.lsp.Config
local config = {
  cmd = { 'envlens', 'server' },
  filetypes = { 'yaml', 'dockerfile', 'requirements' },
  root_markers = { 'envlens.toml', 'pyproject.toml', '.git' },
  settings = { envlens = vim.empty_dict() },
  on_attach = function(_, buffer)
    show_lenses(buffer)
  end,
}

if not vim.lsp.codelens.enable then
  -- The server says so when it has read a build context or git.
  config.capabilities = { workspace = { codeLens = { refreshSupport = true } } }
  config.handlers = {
    ['workspace/codeLens/refresh'] = function(_, _, context)
      for buffer in pairs(assert(vim.lsp.get_client_by_id(context.client_id)).attached_buffers) do
        vim.lsp.codelens.refresh({ bufnr = buffer })
      end
      return vim.NIL
    end,
  }
end

return config
