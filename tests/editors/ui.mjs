// Plays one scenario in the browser: node ui.mjs '{"scenario": ..., "port": ..., "file": ..., "browser": ..., "screenshots": ...}'
// Prints a JSON report; ends with code 1 and a picture failure-<scenario>.png when something did not happen in time.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';

const task = JSON.parse(process.argv[2]);
const browser = await chromium.launch({
  executablePath: task.browser,
  headless: true,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
  ],
});
const context = await browser.newContext({ viewport: { width: 1000, height: 500 }, deviceScaleFactor: 2 });
const page = await context.newPage();
page.setDefaultTimeout(15_000);

const picture = (name) => page.screenshot({ path: path.join(task.screenshots, `${name}.png`) });
const editor = page.locator('.editor-instance .monaco-editor').first();
const word = (text) => editor.locator('.view-line span span', { hasText: text }).last();
const hover = (text) => page.locator('.monaco-hover:not(.hidden)', { hasText: text }).first();
const problem = (text) => page.locator('.markers-panel .monaco-list-row', { hasText: text });
const errors = (count) => page.locator(`[id="status.problems"] a[aria-label*="Errors: ${count}"]`);
const toasts = page.locator('.notification-toast');

async function open() {
  const { folder } = task;
  const payload = JSON.stringify([['openFile', `vscode-remote://127.0.0.1:${task.port}${task.file}`]]);
  const query = new URLSearchParams({ folder, payload });
  await page.goto(`http://127.0.0.1:${task.port}/?${query}`);
  await page.locator(`.tab.active[data-resource-name="${path.basename(task.file)}"]`).waitFor({ timeout: 60_000 });
  await editor.waitFor();
  const sideBar = page.locator('.part.sidebar');
  if (await sideBar.isVisible()) {
    await page.keyboard.press('Control+B');
    await sideBar.waitFor({ state: 'hidden' });
  }
}

async function runCommand(title) {
  await page.keyboard.press('F1');
  const input = page.locator('.quick-input-widget input.input');
  await input.waitFor();
  await input.fill(`>${title}`);
  await page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
}

// A file by its path: looking for names needs a program that the tests do not install.
async function openBeside(name) {
  await page.keyboard.press('Control+P');
  const input = page.locator('.quick-input-widget input.input');
  await input.waitFor();
  await input.fill(path.join(path.dirname(task.file), name));
  await page.locator('.quick-input-list .monaco-list-row', { hasText: name }).first().waitFor();
  await page.keyboard.press('Enter');
  await page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
}

// Another text for the line that holds this one, but for its indentation.
async function rewriteLine(holding, text) {
  await word(holding).click();
  await page.keyboard.press('End');
  await page.keyboard.press('Shift+Home');
  await page.keyboard.type(text);
  await editor.locator('.view-line', { hasText: text }).waitFor();
}

// Another process that works with the workspace.
function envlens(...args) {
  const [program, ...first] = task.envlens;
  execFileSync(program, [...first, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
}

async function until(what, probe, timeout = 10_000) {
  const end = Date.now() + timeout;
  while (!(await probe())) {
    assert.ok(Date.now() < end, `timed out: ${what}`);
    await page.waitForTimeout(50);
  }
}

// The mouse comes once more where no hover followed: VS Code drops what it asked for when the text or its findings change.
async function hoverOver(over, text) {
  for (let tries = 0; tries < 4; tries += 1) {
    await word(over).hover();
    const shown = await hover(text).waitFor({ timeout: 5_000 }).then(() => true, () => false);
    if (shown) {
      return hover(text);
    }
    await noHover();
  }
  throw new Error(`no hover over ${over} with ${text}`);
}

// The same for the menu: it says that it has none where what it asked for was dropped.
async function menuWith(text) {
  const rows = page.locator('.action-widget .monaco-list-row.action');
  for (let tries = 0; tries < 4; tries += 1) {
    await page.keyboard.press('Control+.');
    const shown = await rows.filter({ hasText: text }).first().waitFor({ timeout: 5_000 }).then(() => true, () => false);
    if (shown) {
      return rows.allInnerTexts();
    }
    await page.keyboard.press('Escape');
  }
  throw new Error(`no menu with ${text}`);
}

async function noHover() {
  await page.keyboard.press('Escape');
  await page.mouse.move(5, 5);
  await page.locator('.monaco-hover:not(.hidden)').first().waitFor({ state: 'hidden' });
}

const scenarios = {
  // squiggle, hover, quick fix, save, restart, rule page
  async fix() {
    const report = {};
    await open();
    await editor.locator('.squiggly-error').first().waitFor({ timeout: 30_000 });
    await editor.locator('.squiggly-warning').first().waitFor();
    await errors(3).waitFor();

    report.hover = await (await hoverOver('AzureML-demo', 'reserved-name-prefix')).innerText();
    await picture('vscode-hover');
    await noHover();

    await word('AzureML-demo').click();
    await page.mouse.move(5, 5);
    await page.keyboard.press('Control+.');
    const rows = page.locator('.action-widget .monaco-list-row.action');
    await rows.filter({ hasText: /rename/i }).first().waitFor();
    report.actions = await rows.allInnerTexts();
    await picture('vscode-quickfix');
    const focused = page.locator('.action-widget .monaco-list-row.action.focused');
    await focused.waitFor();
    for (let step = 0; step < 10 && !/rename/i.test(await focused.innerText()); step += 1) {
      await page.keyboard.press('ArrowDown');
    }
    assert.match(await focused.innerText(), /rename/i);
    await page.keyboard.press('Enter');
    await editor.locator('.view-line', { hasText: 'AzureML-demo' }).waitFor({ state: 'detached' });
    await errors(2).waitFor();

    await page.keyboard.press('Control+S');
    await until('the file is saved', () => !readFileSync(task.file, 'utf8').includes('AzureML-demo'));

    await page.keyboard.press('Control+Shift+M');
    await problem('os-type-invalid').waitFor();
    assert.equal(await problem('reserved-name-prefix').count(), 0);
    report.problems = await page.locator('.markers-panel .monaco-list-row').allInnerTexts();
    await page.keyboard.press('Control+Shift+M');
    await page.locator('.part.panel').waitFor({ state: 'hidden' });

    await runCommand('envlens: Restart Server');
    await page.locator('[id="status.problems"] a[aria-label="No Problems"]').waitFor();
    await errors(2).waitFor({ timeout: 30_000 });

    const found = await hoverOver('macos', 'os-type-invalid');
    const link = found.locator('a', { hasText: 'os-type-invalid' }).first();
    await link.click();
    const page_tab = page.locator('.tab.active[data-resource-name$=".md"]');
    await page_tab.waitFor();
    report.rulePage = await page_tab.getAttribute('data-resource-name');
    report.toasts = await toasts.allInnerTexts();
    return report;
  },

  // the lens, the hover with the hash, the page that a click opens, the same from the palette, and an edit that is seen
  async lens() {
    const report = {};
    const back = () => page.locator(`.tab[data-resource-name="${path.basename(task.file)}"]`).click();
    await open();
    const lens = editor.locator('.codelens-decoration a', { hasText: 'another image' });
    await lens.waitFor({ timeout: 30_000 });
    report.lens = await lens.innerText();
    await editor.locator('.codelens-decoration a', { hasText: 'Register churn as 5' }).waitFor();
    await picture('vscode-lens');

    report.hover = await (await hoverOver('churn', 'azureml/azureml_')).innerText();
    await until('it is drawn', () => hover('azureml/azureml_').evaluate((box) => getComputedStyle(box).opacity === '1'));
    await picture('vscode-hash-hover');
    await noHover();

    await lens.click();
    const tab = page.locator('.tab.active[data-resource-name$="-since-HEAD.md"]');
    await tab.waitFor();
    await editor.locator('.view-line', { hasText: 'another image than in HEAD' }).waitFor();
    await page.locator('[id="status.editor.mode"]', { hasText: 'Markdown' }).waitFor();
    await editor.locator('.view-line .mtkb').first().waitFor(); // Markdown has its colours
    await page.mouse.move(900, 440);
    report.page = await editor.locator('.view-line').allInnerTexts();
    await picture('vscode-compare');
    await back();

    await word('churn').click();
    await runCommand('envlens: Show Predicted Hash');
    await page.locator('.tab.active[data-resource-name$="-hash.md"]').waitFor();
    await editor.locator('.view-line', { hasText: 'What counts for the image' }).waitFor();
    await page.mouse.move(900, 440);
    await picture('vscode-hash');
    await back();

    await word('churn').dblclick();
    await page.keyboard.type('other');
    await page.keyboard.press('Control+F');
    await page.keyboard.type('pandas=2.2.3');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    await page.keyboard.type('pandas=2.1.4');
    await editor.locator('.codelens-decoration a', { hasText: /another image: numpy moved$/ }).waitFor();
    report.toasts = await toasts.allInnerTexts();
    return report;
  },

  // registering by a click and from the palette, what a colleague registers, pages, references to what is registered
  async register() {
    const report = {};
    const conda = path.join(path.dirname(task.file), 'conda.yml');
    const lens = (text) => editor.locator('.codelens-decoration a', { hasText: text });
    const lenses = () => editor.locator('.codelens-decoration a').allInnerTexts();
    const message = (text) => toasts.filter({ hasText: text }).first().waitFor();
    const back = () => page.locator(`.tab[data-resource-name="${path.basename(task.file)}"]`).click();
    const pageText = () => editor.locator('.view-line').allInnerTexts();
    await open();
    await lens('Register churn as 1').waitFor({ timeout: 30_000 });
    report.unregistered = await lenses();
    await lens('Register churn as 1').click();
    await message('registered churn:1');
    await lens('registered as 1, unchanged').waitFor();
    report.registered = await lenses();

    await word('conda.yml').click();
    await page.keyboard.press('F12');
    await page.locator('.tab.active[data-resource-name="conda.yml"]').waitFor();
    await rewriteLine('pandas=2.1.4', '- pandas=2.2.3');
    await page.keyboard.press('Control+S');
    await until('the conda file is saved', () => readFileSync(conda, 'utf8').includes('pandas=2.2.3'));
    await back();
    await lens('changed since 1').waitFor();
    report.edited = await lenses();
    await word('churn').click();
    await runCommand('envlens: Register Environment');
    await message('registered churn:2');
    await lens('registered as 2, unchanged').waitFor();

    envlens('register', path.join(task.beside, 'environment.yml'));
    await lens('changed since 3').waitFor();
    await lens('Register churn as 4').waitFor();
    report.overtaken = await lenses();
    await runCommand('Notifications: Clear All Notifications');
    await picture('vscode-registered');

    await lens('changed since 3').click();
    await page.locator('.tab.active[data-resource-name$="-since-version-3.md"]').waitFor();
    await editor.locator('.view-line', { hasText: 'than in version 3' }).waitFor();
    await editor.locator('.view-line .mtkb').first().waitFor(); // Markdown has its colours
    await page.locator('.statusbar-item', { hasText: 'Activating Extensions' }).waitFor({ state: 'detached' });
    report.compared = await pageText();
    await page.mouse.move(900, 440);
    await picture('vscode-compare-registered');
    await back();

    await lens('changed since 3').waitFor();
    await word('churn').click();
    report.actions = await menuWith('Open registered version');
    await picture('vscode-register-actions');
    await page.keyboard.press('Escape');

    await runCommand('envlens: Show Environment History');
    await page.locator('.tab.active[data-resource-name="churn-history.md"]').waitFor();
    await editor.locator('.view-line', { hasText: 'first version' }).waitFor();
    await editor.locator('.view-line .mtkb').first().waitFor();
    report.history = await pageText();
    await page.mouse.move(900, 440);
    await picture('vscode-history');

    await openBeside('pipeline.yml');
    await editor.locator('.squiggly-warning').first().waitFor();
    await word('pipeline').click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type(' azureml:ch');
    const offered = page.locator('.suggest-widget.visible .monaco-list-row');
    await offered.filter({ hasText: 'churn:3' }).first().waitFor();
    report.completion = await offered.allInnerTexts();
    await picture('vscode-complete-registered');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+Shift+M');
    await problem('environment-not-found').first().waitFor();
    await problem('archived-environment').first().waitFor();
    report.problems = await page.locator('.markers-panel .monaco-list-row').allInnerTexts();
    return report;
  },

  // findings appear, nothing else is done
  async look() {
    await open();
    await errors(3).waitFor({ timeout: 30_000 });
    return { restricted: await page.locator('[id="status.workspaceTrust"]').count(), toasts: await toasts.allInnerTexts() };
  },

  // a Dockerfile: its own findings once, those of the file that it draws on too, and the way there
  async context() {
    await open();
    await editor.locator('.squiggly-error').first().waitFor({ timeout: 30_000 });
    await errors(2).waitFor({ timeout: 30_000 });
    await editor.locator('.view-line', { hasText: 'RUN pip install -r' }).locator('span', { hasText: 'requirements.txt' }).last().click();
    await picture('vscode-dockerfile');
    await page.keyboard.press('F12');
    await page.locator('.tab.active[data-resource-name="requirements.txt"]').waitFor();
    await editor.locator('.squiggly-error').first().waitFor();
    await errors(2).waitFor();
    return { toasts: await toasts.allInnerTexts() };
  },

  // the server does not start: exactly one message, and its button opens the setting
  async broken() {
    await open();
    await toasts.filter({ hasText: 'envlens did not start' }).first().waitFor({ timeout: 30_000 });
    const report = { toasts: await toasts.allInnerTexts() };
    await toasts.getByRole('button', { name: 'Show Output' }).waitFor();
    await toasts.getByRole('button', { name: 'Open Settings' }).click();
    await page.locator('.settings-editor .setting-item-label', { hasText: 'Command' }).first().waitFor();
    return report;
  },
};

try {
  const report = await scenarios[task.scenario]();
  console.log(JSON.stringify(report));
} catch (error) {
  await picture(`failure-${task.scenario}-${process.pid}`).catch(() => undefined);
  console.error(error);
  process.exitCode = 1;
} finally {
  await browser.close();
}
