-- The text of pages that the server opens (`envlens:/compare/…`, `envlens:/history/…` and others).
if vim.g.loaded_envlens then
  return
end
vim.g.loaded_envlens = true

local function show(buffer, text)
  if not vim.api.nvim_buf_is_valid(buffer) then
    return
  end
  vim.bo[buffer].modifiable = true
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, vim.split((text:gsub('\n$', '')), '\n'))
  vim.bo[buffer].modified = false
  vim.bo[buffer].modifiable = false
end

vim.api.nvim_create_autocmd('BufReadCmd', {
  group = vim.api.nvim_create_augroup('envlens', {}),
  pattern = 'envlens:/*',
  callback = function(event)
    vim.bo[event.buf].buftype = 'nofile'
    vim.bo[event.buf].bufhidden = 'unload' -- whoever opens it again gets what is true by then
    vim.bo[event.buf].swapfile = false
    vim.bo[event.buf].filetype = 'markdown'
    local client = vim.lsp.get_clients({ name = 'envlens' })[1]
    if client == nil then
      show(event.buf, 'envlens is not running: open an environment file first.')
      return
    end
    client:request('envlens/document', { uri = event.match }, function(problem, answer)
      local text = answer and answer.text
      show(event.buf, type(text) == 'string' and text or 'There is nothing at this address any more.')
      if problem then
        vim.notify(problem.message, vim.log.levels.ERROR)
      end
    end, event.buf)
  end,
})
