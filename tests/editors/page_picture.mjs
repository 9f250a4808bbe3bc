// Takes a picture of the <pre> of a page: node page_picture.mjs BROWSER PAGE.html PICTURE.png
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const [, , executablePath, source, picture] = process.argv;
const args = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];
const browser = await chromium.launch({ executablePath, headless: true, args });
try {
  const page = await browser.newPage({ viewport: { width: 1200, height: 700 }, deviceScaleFactor: 2 });
  await page.goto(pathToFileURL(source).href);
  await page.locator('pre').screenshot({ path: picture });
} finally {
  await browser.close();
}
