// Draws docs/pictures: the main pages of the demo as people see them. Not a test: what it
// draws has to be looked at.
//
//   node tests/browser/pictures.mjs [NAME...]     after tests/browser/run.sh has fetched its packages
//
// Needs pngquant (Debian package): few colours are enough for pages.

import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { Site, Visitor, open } from './support.mjs';

const folder = process.env.PICTURES ?? new URL('../../docs/pictures/', import.meta.url).pathname;
mkdirSync(folder, { recursive: true });
const wanted = process.argv.slice(2);
const MOST = 200_000;

/// Name, who looks, where, how, and what is done before.
const PICTURES = [
  ['home', 'renshe', '/', {}],
  ['home-en', 'renshe', '/', { lang: 'en' }],
  ['ledger', 'jigou', '/institutions/WS01/posts', {}],
  ['ledger-en', 'jigou', '/institutions/WS01/posts', { lang: 'en' }],
  ['ledger-figure', 'jigou', '/institutions/WS01/posts', {}, async ({ page }) => {
    await page.locator('.ledger tbody tr').nth(1).locator('a').first().click();
    await page.locator('#panel[open]').waitFor();
  }],
  ['people', 'renshe', '/people', {}],
  ['person', 'zhigong', '/', {}],
  ['person-phone', 'zhigong', '/', { width: 390, height: 844 }],
  ['bench', 'weijian', '/bench', {}, async ({ page }) => {
    await page.locator('.queue tbody th a').first().click();
  }],
  ['batch', 'weijian', '/bench', {}, async ({ page }) => {
    for (const box of await page.locator('.queue input[type=checkbox]').all()) await box.check();
    await page.click('.queue button');
  }],
  ['application-phone', 'zhigong', '/', { width: 390, height: 844 }, async ({ page }) => {
    await page.locator('.road a.button').first().click();
  }],
  ['policy', 'renshe', '/policies/inner-mongolia/primary-care-draft', {}],
  ['scenario', 'renshe', '/scenario?institution=WS08&a-intermediate=12&b-raised=yes', {}],
  ['forecast-en', 'renshe', '/forecast', { lang: 'en' }],
  ['rural-doctors', 'renshe', '/rural-doctors', {}],
  ['audit', 'jiandu', '/audit', {}],
];

/// Something on the reviewer's bench: reappointments of four people.
async function cases(browser, site) {
  const clerk = await Visitor.signedIn(browser, site, 'jigou');
  const { page } = clerk;
  await clerk.go('/institutions/WS01/people?level=junior&state=employed');
  const people = await page.locator('main tbody th a').evaluateAll((all) => all.map((one) => one.href));
  for (const href of people.slice(0, 4)) {
    await clerk.go(href);
    const rank = /士级/.test(await clerk.text('main .lead')) ? 'assistant' : 'junior';
    await page.locator('main a[href^="/applications/new?person="]').last().click();
    await page.selectOption('[name=kind]', 'reappointment');
    await page.selectOption('[name=rank]', rank);
    await page.click('.whole button.primary');
    for (const made of ['submit', 'take', 'recommend']) await clerk.does(made);
  }
  await clerk.leave();
}

const site = await Site.demo();
const browser = await open();
try {
  await cases(browser, site);
  for (const [name, who, path, how, first] of PICTURES) {
    if (wanted.length && !wanted.includes(name)) continue;
    const visitor = await Visitor.signedIn(browser, site, who, how);
    if (path !== '/') await visitor.go(path);
    await first?.(visitor);
    const file = `${folder}${name}.png`;
    await visitor.page.screenshot({ path: file });
    execFileSync('pngquant', ['--force', '--skip-if-larger', '--strip', '--output', file, '64', file]);
    const { size } = statSync(file);
    console.log(`${name}: ${Math.round(size / 1000)} kB`);
    if (size > MOST) throw new Error(`${name} has ${size} bytes`);
    await visitor.leave();
  }
} finally {
  await browser.close();
  await site.stop();
}
