// Opens sites in a browser and uses them as people do. `node drive.mjs BROWSER DRIVER SITES`, where SITES has the
// sites of the samples `checkout`, `inventory` and `strange`. Ends with an error at the first thing that is wrong.
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';

const [browserPath, driver, sites] = process.argv.slice(2);
const { chromium } = await import(pathToFileURL(join(driver, 'playwright-core', 'index.mjs')));
// The browser's own fence needs another user than root, who builds in containers.
const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
const browser = await chromium.launch({ executablePath: browserPath, args, timeout: 60_000 });

const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 390, height: 844 };
let checks = 0;

function address(site, path) {
  return pathToFileURL(join(sites, site, path)).href;
}

// Opens a window, lets `use` have it, and checks that it stayed silent and alone.
async function check(what, settings, use) {
  const context = await browser.newContext({ viewport: WIDE, colorScheme: 'light', ...settings });
  context.setDefaultTimeout(10_000);
  const wrong = [];
  const root = pathToFileURL(`${sites}/`).href;
  context.on('request', (request) => {
    if (!request.url().startsWith(root)) wrong.push(`asks for ${request.url()}`);
  });
  // Whoever leaves a page early breaks off what it still loads.
  const isLeft = (request) => request.failure()?.errorText === 'net::ERR_ABORTED';
  context.on('requestfailed', (request) => isLeft(request) || wrong.push(`cannot load ${request.url()}`));
  context.on('console', (message) => wrong.push(`says ${message.type()}: ${message.text()}`));
  context.on('weberror', (error) => wrong.push(`fails: ${error.error()}`));
  context.on('dialog', (dialog) => wrong.push(`asks: ${dialog.message()}`));
  const page = await context.newPage();
  try {
    await use(page);
    assert.deepEqual(wrong, []);
  } catch (error) {
    console.error(`${what}: ${error.stack}\nat ${page.url()}\n${wrong.join('\n')}`);
    await browser.close();
    process.exit(1);
  }
  await context.close();
  checks += 1;
  console.log(`ok ${what}`);
}

const ends = (page, end) => page.waitForURL((url) => url.href.endsWith(end));
const heading = (page) => page.locator('h1').innerText();
const background = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

await check('the tree leads to a file and shows where one is', {}, async (page) => {
  await page.goto(address('checkout', 'index.html'));
  assert.equal(await page.title(), 'checkout inventory');
  const tree = page.getByRole('navigation', { name: 'Folders and files' });
  await tree.getByRole('button', { name: 'Open src/shell', exact: true }).click();
  await tree.getByRole('button', { name: 'Open src/shell/orchestrators', exact: true }).click();
  await tree.getByRole('link', { name: 'checkout.rs' }).click();
  await ends(page, '/code/src/shell/orchestrators/checkout.rs.html');
  assert.equal(await tree.locator('[aria-current=page]').innerText(), 'checkout.rs 2');
  await tree.getByRole('button', { name: 'Close src/shell', exact: true }).click();
  assert.equal(await tree.getByRole('link', { name: 'ports.rs' }).isVisible(), false);
});

await check('a finding shows its code, what to do, and its evidence', {}, async (page) => {
  await page.goto(address('checkout', 'index.html'));
  await page.getByRole('link', { name: 'too-many-dependencies' }).click();
  await ends(page, '/rules/too-many-dependencies.html');
  await page.getByRole('link', { name: 'src/shell/orchestrators/checkout.rs:11' }).click();
  const finding = page.locator('.finding:target');
  await finding.waitFor();
  assert.equal(await finding.locator('mark').first().innerText(), 'Checkout');
  assert.match(await finding.innerText(), /receives 5 collaborators[^]*Instead:[^]*Evidence[^]*Payments/);
  const shown = await finding.boundingBox();
  assert.ok(shown.y >= 0 && shown.y < WIDE.height, 'it is in view');
});

await check('the search finds files, items, folders and rules, and keys choose', {}, async (page) => {
  await page.goto(address('checkout', 'index.html'));
  const results = page.getByRole('option');
  const find = async (query) => {
    await page.locator('main').press('/');
    await page.keyboard.type(query);
    await results.first().waitFor();
  };
  await find('price');
  assert.match(await results.first().innerText(), /file\s+price\.rs/);
  await page.keyboard.press('Enter');
  await ends(page, '/code/src/core/price.rs.html');
  await find('total');
  await page.keyboard.press('Enter');
  await ends(page, 'price.rs.html#line-7');
  assert.match(await page.locator('tr:target').innerText(), /fn total/);
  await find('core');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  assert.equal(await results.nth(1).getAttribute('aria-selected'), 'true');
  const chosen = await results.nth(1).getAttribute('href');
  await page.keyboard.press('Enter');
  await ends(page, chosen.replace(/^(\.\.\/)+/, '/'));
  await find('core-imports');
  await results.first().click();
  await ends(page, '/rules/core-imports-shell.html');
  await find('rates');
  await page.keyboard.press('Escape');
  assert.equal(await page.getByRole('listbox').isVisible(), false);
  assert.equal(await page.locator('#query').inputValue(), '');
  await page.locator('main').press('/');
  await page.keyboard.type('nothing is called that');
  await page.getByText('Nothing has that name').waitFor();
});

await check('a picture leads to the files that it shows, and marks what breaks a rule', {}, async (page) => {
  await page.goto(address('checkout', 'code/src/core/index.html'));
  const picture = page.locator('.picture svg');
  const stroke = (of) => picture.locator(of).first().evaluate((line) => getComputedStyle(line).stroke);
  assert.notEqual(await stroke('.arrow.broken[class] path'), await stroke('.arrow:not(.broken) path'));
  await picture.getByRole('link', { name: 'price.rs' }).click();
  await ends(page, '/code/src/core/price.rs.html');
});

await check('the colours follow the system until somebody chooses, and the choice is remembered', {}, async (page) => {
  await page.goto(address('inventory', 'index.html'));
  const light = await background(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await background(page);
  assert.notEqual(light, dark);
  await page.getByRole('button', { name: 'Use light colours' }).click();
  assert.equal(await background(page), light);
  await page.getByRole('link', { name: 'src/domains/' }).first().click();
  await ends(page, '/code/src/domains/index.html');
  assert.equal(await background(page), light);
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.locator('.bar').isVisible(), false);
});

await check('keys alone reach the content, and what has the focus is seen', {}, async (page) => {
  await page.goto(address('inventory', 'code/src/hoc/orchestrator/index.html'));
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.className), 'skip');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  const focus = await page.evaluate(() => {
    const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
    return { inside: !!document.activeElement.closest('main'), outlineStyle, outlineWidth };
  });
  assert.deepEqual(focus, { inside: true, outlineStyle: 'solid', outlineWidth: '2px' });
});

await check('a narrow screen hides the tree behind a button', { viewport: NARROW }, async (page) => {
  await page.goto(address('inventory', 'code/src/hoc/orchestrator/execution.rs.html'));
  const tree = page.locator('#tree');
  assert.equal(await tree.isVisible(), false);
  const button = page.getByRole('button', { name: 'Folders' });
  await button.click();
  assert.equal(await tree.isVisible(), true);
  await page.keyboard.press('Escape');
  assert.equal(await tree.isVisible(), false);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'menu');
  await button.click();
  await tree.getByRole('link', { name: 'onboarding.rs' }).click();
  await ends(page, '/onboarding.rs.html');
  assert.equal(await heading(page), 'onboarding.rs');
});

await check('without scripts every page is whole and leads on', { javaScriptEnabled: false }, async (page) => {
  await page.goto(address('inventory', 'index.html'));
  for (const control of ['#tree', '#menu', '#search', '#theme']) {
    assert.equal(await page.locator(control).isVisible(), false, control);
  }
  await page.getByRole('link', { name: 'src/hoc/orchestrator/', exact: true }).first().click();
  await page.getByRole('link', { name: 'operation_registry.rs', exact: true }).first().click();
  await ends(page, '/operation_registry.rs.html');
  await page.getByRole('navigation', { name: 'Breadcrumbs' }).getByRole('link', { name: 'orchestrator' }).click();
  await ends(page, '/code/src/hoc/orchestrator/index.html');
});

function pagesOf(site) {
  const root = join(sites, site);
  const found = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.name.endsWith('.html'));
  return found.map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name))).sort();
}

// The least contrast of any text on the page with what lies behind it, and where that is. Large text may have less.
function leastContrast() {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const known = new Map();
  const measured = (color) => {
    if (!known.has(color)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = color;
      canvas.fillRect(0, 0, 1, 1);
      const [...parts] = canvas.getImageData(0, 0, 1, 1).data;
      const [r, g, b] = parts.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
      known.set(color, { luminance: 0.2126 * r + 0.7152 * g + 0.0722 * b, isSeen: parts[3] > 0 });
    }
    return known.get(color);
  };
  const backgroundOf = (element) => measured(getComputedStyle(element).backgroundColor);
  let least = [Infinity, ''];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !element.checkVisibility() || element.closest('svg, .hidden')) continue;
    let behind = element;
    while (behind.parentElement && !backgroundOf(behind).isSeen) behind = behind.parentElement;
    const style = getComputedStyle(element);
    const [a, b] = [measured(style.color).luminance, backgroundOf(behind).luminance];
    const isLarge = parseFloat(style.fontSize) >= 24;
    const contrast = ((Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)) * (isLarge ? 1.5 : 1);
    if (contrast < least[0]) least = [contrast, texts.currentNode.data.trim()];
  }
  return least;
}

for (const site of ['checkout', 'inventory', 'strange']) {
  for (const [viewport, colorScheme] of [[WIDE, 'dark'], [NARROW, 'light']]) {
    await check(`every page of ${site}, ${viewport.width} wide, ${colorScheme}`, { viewport, colorScheme }, async (page) => {
      const paths = pagesOf(site);
      assert.ok(paths.length > 20);
      for (const path of paths) {
        await page.goto(pathToFileURL(join(sites, site, path)).href);
        const { over, pwned, images } = await page.evaluate(() => ({
          over: document.documentElement.scrollWidth - document.documentElement.clientWidth,
          pwned: window.pwned,
          images: document.images.length,
        }));
        assert.deepEqual({ over, pwned, images }, { over: 0, pwned: undefined, images: 0 });
        const [contrast, text] = await page.evaluate(leastContrast);
        assert.ok(contrast >= 4.5, `the contrast of "${text}" is ${contrast.toFixed(2)}`);
      }
    });
  }
}

await browser.close();
console.log(`${checks} checks passed`);
