-- Run inside a headless Neovim: registers, is overtaken by another process, opens pages; writes a JSON report.
local report = {}
local choose -- the title that a choice takes
local definition = vim.api.nvim_get_current_buf()
local folder = vim.fs.dirname(vim.api.nvim_buf_get_name(definition))

vim.ui.select = function(items, options, on_choice)
  for index, item in ipairs(items) do
    if options.format_item(item) == choose then
      return on_choice(item, index)
    end
  end
  error('nothing to choose is called ' .. choose)
end

vim.lsp.handlers['window/showMessage'] = function(_, params)
  report.message = params.message
end

local function wait_for(what, condition)
  assert(vim.wait(20000, condition, 20), 'timed out: ' .. what)
end

local function titles()
  return vim.tbl_map(function(lens) return lens.command and lens.command.title or '' end, vim.lsp.codelens.get(0))
end

local function lines()
  return vim.api.nvim_buf_get_lines(0, 0, -1, false)
end

-- Texts come one by one: whether the lens is there, and all of them have theirs.
local function has_lens(title)
  return function()
    local shown = titles()
    return vim.tbl_contains(shown, title) and not vim.tbl_contains(shown, '')
  end
end

local function run_lens(title)
  choose = title
  wait_for(title, has_lens(title))
  vim.api.nvim_win_set_cursor(0, { 1, 0 })
  vim.lsp.codelens.run()
end

local function run_action(title)
  vim.api.nvim_win_set_cursor(0, { 1, 0 })
  vim.lsp.buf.code_action({ apply = true, filter = function(action) return action.title == title end })
end

-- The page that opens at an address that begins like this, and the way back.
local function page(beginning)
  wait_for(beginning, function()
    return vim.api.nvim_buf_get_name(0):find(beginning, 1, true) == 1 and #lines() > 3
  end)
  local text = lines()
  vim.api.nvim_set_current_buf(definition)
  return text
end

local function replace(before, after)
  vim.cmd('silent edit ' .. folder .. '/conda.yml')
  vim.cmd(('silent %%substitute/%s/%s/'):format(before, after))
  vim.cmd('silent write')
  vim.api.nvim_set_current_buf(definition)
end

local function check()
  wait_for('the first lens', has_lens('Register churn as 1'))
  report.unregistered = titles()
  run_lens('Register churn as 1')
  wait_for('what was registered', has_lens('registered as 1, unchanged'))
  report.registered = titles()
  report.told = report.message

  replace('pandas=2.1.4', 'pandas=2.2.3')
  wait_for('the edit', has_lens('changed since 1'))
  report.edited = titles()
  run_action('Register churn as 2')
  wait_for('what the menu registered', has_lens('registered as 2, unchanged'))

  local command = vim.json.decode(vim.env.ENVLENS_OTHER)
  assert(vim.system(command):wait().code == 0)
  wait_for('what the other process registered', has_lens('changed since 3'))
  report.overtaken = titles()

  run_lens('changed since 3')
  report.compared = page('envlens:/compare/')
  run_action('Open registered version churn:3')
  report.version = page('envlens:/registered/churn/3/')
  run_action('Show the history of churn')
  report.history = page('envlens:/history/churn/')

  replace('pandas=2.2.3', 'pandas=2.3.3')
  run_lens('changed since 3')
  report.compared_again = page('envlens:/compare/')

  vim.cmd('silent edit ' .. folder .. '/pipeline.yml')
  wait_for('findings about references', function()
    report.findings = vim.tbl_map(function(each) return each.message end, vim.diagnostic.get(0))
    return #report.findings >= 2
  end)
  vim.cmd('normal! GA azureml:ch')
  local client = assert(vim.lsp.get_clients({ bufnr = 0, name = 'envlens' })[1])
  local place = vim.lsp.util.make_position_params(0, client.offset_encoding)
  place.position.character = #vim.fn.getline('$')
  local answer = assert(client:request_sync('textDocument/completion', place, 10000, 0)).result
  report.completion = vim.tbl_map(function(item) return item.label end, answer.items or answer)
end

local ok, problem = pcall(check)
report.error = not ok and tostring(problem) or nil
vim.fn.writefile({ vim.json.encode(report) }, vim.env.ENVLENS_REPORT)
vim.cmd(ok and 'qa!' or 'cq!')
