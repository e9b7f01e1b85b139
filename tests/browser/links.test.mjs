// Every kind of page that each role can reach: what it links to is there, nobody is shut out
// of it, and it asks nobody else for anything. Prints the table of docs/WEB.md.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LANGS, ROLES, Site, Visitor, kind, open } from './support.mjs';

/// Pages of one kind that are opened, and links of one kind that are followed, by each role.
const OPENED = 1;
const FOLLOWED = 2;
/// Windows of one role at a time.
const WINDOWS = 2;

let site, browser;
const table = [];
/// Kinds of pages whose colours were looked at.
const coloured = new Set();
before(async () => {
  site = await Site.demo();
  browser = await open();
});
after(async () => {
  await browser?.close();
  await site?.stop();
  const rows = [['role', 'pages', 'axe violations', 'links', 'broken'], ...table];
  console.log(rows.map((row) => `| ${row.join(' | ')} |`).join('\n').replace('\n', '\n|---|---|---|---|---|\n'));
});

/// Follows links from home; what was seen.
async function walk(visitor) {
  const seen = { pages: 0, links: 0, shut: [], broken: [] };
  const known = new Set(['/']);
  const opened = new Map();
  const followed = new Map();
  const waiting = [{ href: '/', from: '' }];
  const count = (map, key) => map.set(key, (map.get(key) ?? 0) + 1).get(key);
  const visit = async (page, { href, from }) => {
    const one = kind(href);
    if (count(followed, one) > FOLLOWED) return;
    seen.links += 1;
    if (count(opened, one) > OPENED || /\.xlsx\b/.test(href) || href.startsWith('/attachments/')) {
      const answer = await visitor.context.request.get(href);
      if (answer.status() !== 200) seen.broken.push(`${answer.status()} ${href} from ${from}`);
      return;
    }
    const answer = await page.goto(href);
    if (answer.status() !== 200) {
      seen.broken.push(`${answer.status()} ${href} from ${from}`);
      return;
    }
    seen.pages += 1;
    // what is folded in is part of the page
    await page.evaluate(() => document.querySelectorAll('details:not(.person)').forEach((one) => { one.open = true; }));
    // a kind of page has the same colours whoever looks
    const colours = !coloured.has(one);
    coloured.add(one);
    for (const found of await visitor.shutOut(page, colours)) seen.shut.push(`${found.id} at ${href}: ${found.nodes.join(' ')}`);
    const links = await page.locator('a[href]').evaluateAll((all) => all.map((one) => one.getAttribute('href')));
    for (const link of links.map((one) => one.split('#')[0])) {
      if (link === '' || known.has(link)) continue;
      assert.match(link, /^\/(?!\/)/, `${href} leads to ${link}`);
      known.add(link);
      waiting.push({ href: link, from: href });
    }
  };
  const windows = [visitor.page];
  while (windows.length < WINDOWS) windows.push(await visitor.window());
  let busy = 0;
  await Promise.all(windows.map(async (page) => {
    for (;;) {
      const next = waiting.shift();
      if (next) {
        busy += 1;
        await visit(page, next).finally(() => { busy -= 1; });
      } else if (busy) {
        await new Promise((resolve) => { setTimeout(resolve, 20); });
      } else return;
    }
  }));
  return seen;
}

for (const [at, role] of ROLES.entries()) {
  // both languages in turn: templates are the same, words are tested elsewhere
  const lang = LANGS[at % LANGS.length];
  test(`${role} (${lang}) goes everywhere`, async () => {
    const visitor = await Visitor.signedIn(browser, site, role, { lang });
    const seen = await walk(visitor);
    table.push([role, seen.pages, seen.shut.length, seen.links, seen.broken.length]);
    assert.equal([...seen.shut, ...seen.broken].join('\n'), '');
    assert.ok(seen.pages > 3, `${seen.pages} pages`);
    await visitor.leave();
  });
}

test('whoever is not signed in finds the door', async () => {
  const visitor = await Visitor.come(browser, site);
  for (const path of ['/sign-in', '/nothing/here']) {
    await visitor.page.goto(path);
    assert.deepEqual(await visitor.shutOut(), [], path);
  }
  visitor.trouble = visitor.trouble.filter((one) => !one.includes('/nothing/here'));
  await visitor.leave();
});
