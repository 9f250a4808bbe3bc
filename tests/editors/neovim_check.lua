-- Run inside a headless Neovim: waits for the findings, asks for the hover, applies the fix; writes a JSON report.
local report = {}

local function wait_for(what, condition)
  assert(vim.wait(20000, condition, 20), 'timed out: ' .. what)
end

local function codes()
  return vim.tbl_map(function(diagnostic) return diagnostic.code end, vim.diagnostic.get(0))
end

local function has(code)
  return vim.tbl_contains(codes(), code)
end

local function check()
  wait_for('findings', function() return has('reserved-name-prefix') and has('os-type-invalid') end)
  report.before = codes()
  local client = assert(vim.lsp.get_clients({ bufnr = 0, name = 'envlens' })[1])
  report.root = client.root_dir

  vim.api.nvim_win_set_cursor(0, { 1, 8 })
  local position = vim.lsp.util.make_position_params(0, client.offset_encoding)
  local answer = assert(client:request_sync('textDocument/hover', position, 10000, 0))
  report.hover = assert(answer.result, 'no hover').contents
  vim.lsp.buf.hover()
  wait_for('the hover window', function()
    return vim.iter(vim.api.nvim_list_wins()):any(function(win)
      return vim.api.nvim_win_get_config(win).relative ~= ''
    end)
  end)

  local function is_rename(action) return action.title:lower():find('rename') ~= nil end
  vim.lsp.buf.code_action({ apply = true, filter = is_rename })
  wait_for('the fix', function()
    return not vim.api.nvim_buf_get_lines(0, 0, 1, false)[1]:find('AzureML-demo', 1, true)
  end)
  wait_for('the finding is gone', function() return not has('reserved-name-prefix') and has('os-type-invalid') end)
  report.after = codes()
  report.lines = vim.api.nvim_buf_get_lines(0, 0, -1, false)

  vim.cmd('silent edit! ' .. vim.env.ENVLENS_DOCKERFILE)
  wait_for('findings in the Dockerfile', function() return has('pip-invalid-operator') end)
  report.dockerfile = codes()
  vim.fn.search('requirements.txt')
  vim.lsp.buf.definition()
  wait_for('the requirements file', function()
    return vim.fs.basename(vim.api.nvim_buf_get_name(0)) == 'requirements.txt'
  end)
  wait_for('findings in the requirements file', function() return has('pip-invalid-operator') end)
  report.requirements = codes()
end

local ok, problem = pcall(check)
report.error = not ok and tostring(problem) or nil
vim.fn.writefile({ vim.json.encode(report) }, vim.env.ENVLENS_REPORT)
vim.cmd(ok and 'qa!' or 'cq!')
