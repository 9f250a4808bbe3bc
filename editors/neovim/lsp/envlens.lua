-- Neovim 0.11 reads this file from the runtime path when `vim.lsp.enable('envlens')` is called.

-- `vim.lsp.codelens.refresh` of Neovim 0.11 drops what comes while an answer is under way, and shows the old one for good.
local function ask_for_lenses(buffer)
  if vim.api.nvim_buf_is_loaded(buffer) then
    local params = { textDocument = vim.lsp.util.make_text_document_params(buffer) }
    vim.lsp.buf_request(buffer, 'textDocument/codeLens', params, vim.lsp.codelens.on_codelens, function() end)
  end
end

-- Neovim 0.11 asks for code lenses only when it is told to; later versions have a switch for it.
local function show_lenses(buffer)
  if vim.lsp.codelens.enable then
    vim.lsp.codelens.enable(true, { bufnr = buffer })
    return
  end
  vim.api.nvim_create_autocmd({ 'BufEnter', 'BufWritePost', 'InsertLeave', 'TextChanged' }, {
    group = vim.api.nvim_create_augroup('envlens.lenses.' .. buffer, {}),
    buffer = buffer,
    callback = function()
      ask_for_lenses(buffer)
    end,
  })
  ask_for_lenses(buffer)
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
        ask_for_lenses(buffer)
      end
      return vim.NIL
    end,
  }
end

return config
