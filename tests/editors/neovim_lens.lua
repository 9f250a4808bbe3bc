-- Run inside a headless Neovim: waits for the code lens, runs it, reads the page; writes a JSON report.
local report = {}

-- Beside the image stands that it can be registered.
vim.ui.select = function(items, options, on_choice)
  for index, item in ipairs(items) do
    if options.format_item(item):find('another image', 1, true) then
      return on_choice(item, index)
    end
  end
  error('nothing to choose')
end

local function wait_for(what, condition)
  assert(vim.wait(20000, condition, 20), 'timed out: ' .. what)
end

local function title()
  local lens = vim.lsp.codelens.get(0)[1]
  return lens and lens.command and lens.command.title or ''
end

local function ends_with(text, ending)
  return text:sub(-#ending) == ending
end

local function lines()
  return vim.api.nvim_buf_get_lines(0, 0, -1, false)
end

-- What stands in virtual text, whoever put it there.
local function shown()
  for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(0, -1, 0, -1, { details = true, type = 'virt_text' })) do
    for _, chunk in ipairs(mark[4].virt_text or {}) do
      if chunk[1]:find('azureml_', 1, true) then
        return chunk[1]
      end
    end
  end
end

local function check()
  wait_for('the lens', function() return title():find('another image', 1, true) ~= nil end)
  report.lens = title()
  report.shown = shown()

  local file = vim.api.nvim_get_current_buf()
  vim.api.nvim_win_set_cursor(0, { 1, 0 })
  vim.lsp.codelens.run()
  wait_for('the page', function()
    return vim.api.nvim_buf_get_name(0):find('envlens:/compare/', 1, true) == 1 and #lines() > 3
  end)
  report.page = lines()
  report.filetype = vim.bo.filetype
  report.modifiable = vim.bo.modifiable

  vim.api.nvim_set_current_buf(file)
  vim.fn.search('numpy')
  vim.cmd('move 8')
  vim.cmd('%substitute/pandas=2.2.3/pandas=2.1.4/')
  vim.cmd.doautocmd('TextChanged') -- as after typing: a script that runs has no main loop that does it
  wait_for('the lens of the old text', function() return ends_with(title(), 'as in HEAD') end)
  report.restored = title()

  vim.cmd.edit('envlens:/hash/no/such/file.md')
  wait_for('the answer', function() return #lines()[1] > 0 end)
  report.unknown = lines()
end

local ok, problem = pcall(check)
report.error = not ok and tostring(problem) or nil
vim.fn.writefile({ vim.json.encode(report) }, vim.env.ENVLENS_REPORT)
vim.cmd(ok and 'qa!' or 'cq!')
