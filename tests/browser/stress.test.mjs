// What pages do with very long names, with nothing at all, and with very many.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { LANGS, Site, Visitor, kind, open, run } from './support.mjs';
import { column, filled, reworded } from './workbook.mjs';

/// Bytes of a page as it is, and as it travels.
const WHOLE = 150_000;
const PACKED = 30_000;
const today = new Date(Date.now() + 8 * 3600 * 1000).toISOString().slice(0, 10);
/// The demo is the county of the month before, so that things can have been on their way since.
const begun = new Date(Date.UTC(Number(today.slice(0, 4)), Number(today.slice(5, 7)) - 2, 1)).toISOString().slice(0, 10);
const PHONE = { width: 390, height: 844 };

let browser, folder;
before(async () => {
  browser = await open();
  folder = mkdtempSync(join(tmpdir(), 'dinggang-browser-'));
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/// The workbook of an invented county.
async function sample(name, ...more) {
  const path = join(folder, name);
  await run(['--lang', 'en', 'sample', '--out', path, '--as-of', begun, ...more]);
  return readFileSync(path);
}

/// Brings a whole county in, by the form.
async function brings(visitor, buffer) {
  await visitor.go('/import');
  await visitor.page.setInputFiles('#file', { name: 'county.xlsx', mimeType: 'application/octet-stream', buffer });
  await visitor.page.selectOption('#scope', '150199');
  await visitor.page.click('.drop button.primary', { timeout: 120_000 });
  const confirm = visitor.page.locator('form[action="/import/confirm"] button.primary');
  // the page shows how far it is, and then what it would do, and then what it did
  await confirm.waitFor({ timeout: 120_000 });
  await confirm.click({ timeout: 120_000 });
  await visitor.page.getByText(/已全部写入|All of it is recorded/).first().waitFor({ timeout: 120_000 });
  await visitor.reads('已全部写入', 'All of it is recorded');
}

/// Opens a page of each kind that a page of the menu leads to; `look` is given each.
async function tour(visitor, look) {
  const seen = new Set();
  const waiting = ['/'];
  for (let href = waiting.shift(); href; href = waiting.shift()) {
    if (seen.has(kind(href)) || /\.xlsx\b/.test(href) || href.startsWith('/attachments/')) continue;
    seen.add(kind(href));
    const answer = await visitor.page.goto(href);
    assert.equal(answer.status(), 200, href);
    await look(href, answer);
    const links = await visitor.page.locator('a[href^="/"]').evaluateAll((all) => all.map((one) => one.getAttribute('href').split('#')[0]));
    waiting.push(...links);
  }
  return seen.size;
}

/// No page is too long, uncompressed or on its way.
async function light(href, answer) {
  const whole = (await answer.body()).length;
  const { responseBodySize } = await answer.request().sizes();
  assert.ok(whole < WHOLE, `${href} has ${whole} bytes`);
  assert.ok(responseBodySize < PACKED, `${href} sends ${responseBodySize} bytes`);
  assert.match(answer.headers()['content-encoding'] ?? '', /br|gzip|zstd|deflate/, href);
}

/// What sticks out of a narrow page: nothing that is not in a box of its own that scrolls.
async function fits(visitor, href) {
  const [wide, width, out] = await visitor.page.evaluate(() => {
    const { scrollWidth } = document.scrollingElement;
    const boxed = (one) => one && (getComputedStyle(one).overflowX !== 'visible' || boxed(one.parentElement));
    const all = scrollWidth > innerWidth ? [...document.querySelectorAll('main *, header *, nav *')] : [];
    const sticks = all.filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && !boxed(one.parentElement));
    return [scrollWidth, innerWidth, sticks.slice(0, 3).map((one) => one.outerHTML.slice(0, 120))];
  });
  assert.ok(wide <= width, `${href} is ${wide} wide: ${out.join(' ')}`);
}

test('long names', async (t) => {
  const site = await Site.demo('--townships', '2', '--staff', '60');
  t.after(() => site.stop());
  const county = await sample('long.xlsx', '--townships', '2', '--staff', '60');
  const houses = new Set(column(county, '机构', 'B'));
  const people = new Set(column(county, '人员', 'B'));
  const long = reworded(county, (word) => {
    if (houses.has(word)) return `${word}（${'原河东片区与河西片区合并组建、承担基本公共卫生服务并管理所辖各村卫生室的'.repeat(2)}机构）`.slice(0, 100);
    return people.has(word) ? `${word}·${word}·${word}·${word}·${word}` : word;
  });
  assert.ok(Math.max(...column(long, '机构', 'B').map((one) => one.length)) >= 60);
  const bureau = await Visitor.signedIn(browser, site, 'renshe');
  await brings(bureau, long);
  await tour(bureau, light);
  await bureau.leave();
  for (const lang of LANGS) {
    const staff = await Visitor.signedIn(browser, site, 'zhigong', { lang, ...PHONE });
    assert.match(await staff.text('h1'), /·.*·.*·/);
    const pages = await tour(staff, (href) => fits(staff, href));
    assert.ok(pages > 5, `${pages}`);
    await staff.leave();
  }
  const clerk = await Visitor.signedIn(browser, site, 'jigou', PHONE);
  for (const path of ['/', '/institutions/WS01', '/institutions/WS01/posts', '/institutions/WS01/people', '/import']) {
    await clerk.go(path);
    await fits(clerk, path);
  }
  await clerk.leave();
});

test('nothing at all: each page says what to do', async (t) => {
  const site = await Site.start(['--lang', 'en', 'serve', '--listen', '127.0.0.1:0', '--setting', 'requests_per_minute=0',
    '--setting', 'second_factor=optional', '--setting', 'shutdown_grace=1s'], { cwd: mkdtempSync(join(folder, 'empty-')), ready: (text) => /dgl_[\w-]+/.test(text) && /http:\/\/127/.test(text) });
  t.after(() => site.stop());
  const secret = 'Four-horses-and-7-carts';
  const setUp = async (link) => {
    const visitor = await Visitor.come(browser, site, { lang: 'en' });
    await visitor.go(`/set-up/${link}`);
    await visitor.page.fill('[name=password]', secret);
    await visitor.page.fill('[name=again]', secret);
    await visitor.page.click('main button');
    return visitor;
  };
  const admin = await setUp(site.printed.match(/dgl_[\w-]+/)[0]);
  await admin.signIn('admin', secret);
  const offices = [
    ['renshe', { role: 'reviewer', authority: 'human_resources', tier: 'county', area: '150199' }],
    ['weijian', { role: 'reviewer', authority: 'health', tier: 'county', area: '150199' }],
    ['jiandu', { role: 'auditor' }],
  ];
  for (const [user_name, capacity] of offices) {
    const made = await admin.context.request.post('/api/v1/accounts', {
      data: { user_name, name: '示例', capacities: [capacity] }, headers: { origin: site.url },
    });
    assert.equal(made.status(), 201, await made.text());
    const { link } = await made.json();
    const visitor = await setUp(link.match(/dgl_[\w-]+/)[0]);
    await visitor.signIn(user_name, secret);
    const pages = await tour(visitor, async (href) => {
      // either something stands there, or it is said why not and what comes next
      const empty = visitor.page.locator('main .empty');
      const some = await visitor.page.locator('main table tbody tr, main form, main dl, main .entries li, main .policy, main article, main blockquote').count();
      assert.ok(some > 0 || await empty.count() > 0, `${href}: ${await visitor.text('main')}`);
      for (const one of await empty.allInnerTexts()) assert.ok(one.trim().length > 4, `${href}: ${one}`);
      if (user_name === 'renshe') assert.deepEqual(await visitor.shutOut(), [], href);
    });
    assert.ok(pages > 5, `${pages}`);
    if (user_name !== 'jiandu') {
      for (const path of ['/', '/institutions', '/people', '/rural-doctors']) {
        await visitor.go(path);
        await visitor.reads(/导入工作簿/, /import/i);
        assert.ok(await visitor.page.locator('main a[href="/import"]').count() > 0, path);
      }
    }
    await visitor.leave();
  }
  await admin.leave();
});

test('five thousand people in one institution', async (t) => {
  const site = await Site.demo('--townships', '2', '--staff', '60');
  t.after(() => site.stop());
  const county = await sample('many.xlsx', '--townships', '1', '--staff', '5000');
  const many = filled(county, '人员', 'C', 'WS01');
  assert.ok(column(many, '人员', 'C').length >= 5000);
  const bureau = await Visitor.signedIn(browser, site, 'renshe');
  await brings(bureau, many);
  for (const path of ['/', '/institutions', '/institutions/WS01/posts', '/institutions/WS01/people', '/institutions/WS01/changes',
    '/people', '/people?level=senior', '/forms', '/quality', '/differences', '/scenario?institution=WS01', '/forecast']) {
    const answer = await bureau.page.goto(path, { timeout: 60_000 });
    assert.equal(answer.status(), 200, path);
    await light(path, answer);
  }
  await bureau.go('/institutions/WS01/people');
  await bureau.reads(/共 5\d{3} 条/, /of 5\d{3}/, '.pager');
  await bureau.leave();
});
