// What every browser test stands on: the program as somebody starts it, a real browser, and
// somebody who looks at pages and notes whatever is not as it should be.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const root = new URL('../../', import.meta.url);
// packages lie beside what is built, not between what is written
const modules = createRequire(new URL('target/browser/package.json', root));
const { chromium } = modules('playwright-core');
const axe = readFileSync(modules.resolve('axe-core/axe.min.js'), 'utf8');

const program = process.env.DINGGANG ?? new URL('target/debug/dinggang', root).pathname;
const flags = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];

export const LANGS = ['zh-CN', 'en'];
/// Every login of the demo, in the order in which the program prints them.
export const ROLES = ['zhigong', 'jigou', 'yigongti', 'bianban', 'renshe', 'weijian', 'yaojian',
  'shirenshe', 'jiandu', 'guanli'];

/// The kind of a page: its address without what names one thing of many.
export function kind(href) {
  const url = new URL(href, 'http://here');
  const path = url.pathname.split('/').map((part) => (/^[a-z.-]*$/.test(part) ? part : ':')).join('/');
  return `${path}?${[...new Set(url.searchParams.keys())].sort().join('&')}`;
}

/// Runs the program to its end; what it printed.
export function run(args, cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let printed = '';
    child.stdout.on('data', (part) => { printed += part; });
    child.stderr.on('data', (part) => { printed += part; });
    child.on('close', (code) => (code === 0 ? resolve(printed) : reject(new Error(printed))));
  });
}

/// The program while it serves.
export class Site {
  /// Starts it and waits until its output says what is wanted.
  static async start(args, { cwd, ready }) {
    const site = new Site();
    // its own language, whatever the machine's is
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    site.child = child;
    site.printed = '';
    // whatever becomes of the tests, the server does not outlive them
    process.on('exit', () => child.kill());
    await new Promise((resolve, reject) => {
      const wait = setTimeout(() => reject(new Error(`it did not start:\n${site.printed}`)), 120_000);
      const read = (part) => {
        site.printed += part;
        if (ready(site.printed)) {
          clearTimeout(wait);
          resolve();
        }
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.on('close', () => reject(new Error(`it ended:\n${site.printed}`)));
    });
    [site.url] = site.printed.match(/http:\/\/127\.0\.0\.1:\d+/);
    return site;
  }

  /// A demo: an invented county and a login for every role.
  static async demo(...more) {
    const args = ['--lang', 'en', 'demo', '--listen', '127.0.0.1:0', ...more];
    const logins = (text) => [...text.matchAll(/^ {2}\S.*? {2}(\w+) {2}([a-z2-7]{8}-[a-z2-7]{8})$/gm)];
    const site = await Site.start(args, { ready: (text) => logins(text).length === ROLES.length && /:\d+/.test(text) });
    site.logins = Object.fromEntries(logins(site.printed).map(([, name, password]) => [name, password]));
    assert.deepEqual(Object.keys(site.logins), ROLES);
    return site;
  }

  async stop() {
    const ended = new Promise((resolve) => this.child.on('close', resolve));
    this.child.kill('SIGTERM');
    await ended;
    assert.doesNotMatch(this.printed, /panicked/);
  }
}

/// A browser without any page.
export function open() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags });
}

/// Somebody at a browser window of their own.
export class Visitor {
  static async come(browser, site, { lang = 'zh-CN', script = true, width = 1440, height = 900 } = {}) {
    const visitor = new Visitor();
    Object.assign(visitor, { site, lang, script, trouble: [] });
    visitor.context = await browser.newContext({
      baseURL: site.url, locale: lang === 'en' ? 'en-GB' : lang, javaScriptEnabled: script,
      viewport: { width, height }, timezoneId: 'Asia/Shanghai',
    });
    visitor.context.setDefaultTimeout(60_000);
    const own = new URL(site.url).host;
    visitor.context.on('request', (request) => {
      const url = new URL(request.url());
      if (url.protocol !== 'data:' && url.host !== own) visitor.trouble.push(`asks ${url.host}`);
    });
    visitor.page = await visitor.window();
    return visitor;
  }

  /// One more window of the same session.
  async window() {
    const page = await this.context.newPage();
    page.on('console', (said) => {
      // an answer that refuses a form is said in the page; everything else is a mistake
      const refused = said.text().startsWith('Failed to load resource') && /4(09|22|01)/.test(said.text());
      if (said.type() === 'error' && !refused) this.trouble.push(`${page.url()}: ${said.text()}`);
    });
    page.on('pageerror', (error) => this.trouble.push(`${page.url()}: ${error}`));
    return page;
  }

  /// Comes and signs in by the door.
  static async signedIn(browser, site, name, how) {
    const visitor = await Visitor.come(browser, site, how);
    await visitor.signIn(name);
    return visitor;
  }

  async signIn(name, password = this.site.logins[name]) {
    const { page } = this;
    if (new URL(page.url()).pathname !== '/sign-in') await page.goto('/sign-in');
    await page.fill('#user_name', name);
    await page.fill('#password', password);
    await page.click('.door button.primary');
    // who holds several capacities acts for the medical community
    if (new URL(page.url()).pathname === '/sign-in/capacity') {
      await page.locator('.choices button', { hasText: /医共体人事|HR of a|consortium|community/i }).first().click();
    }
    assert.notEqual(new URL(page.url()).pathname, '/sign-in', await this.text('main'));
  }

  async go(path, status = 200) {
    const answer = await this.page.goto(path);
    assert.equal(answer.status(), status, `${path}: ${await this.text('main')}`);
  }

  /// What is written somewhere on the page.
  text(selector = 'body') {
    return this.page.locator(selector).first().innerText();
  }

  /// Waits until the page says something, in the language of the visitor.
  async reads(zh, en, selector = 'main') {
    const wanted = this.lang === 'en' ? en : zh;
    const until = Date.now() + 10_000;
    for (;;) {
      const text = await this.text(selector);
      if (wanted instanceof RegExp ? wanted.test(text) : text.includes(wanted)) return;
      assert.ok(Date.now() < until, `${this.page.url()} should say ${wanted}:\n${text}`);
      await new Promise((resolve) => { setTimeout(resolve, 50); });
    }
  }

  /// Opens what can be done under a key, fills its fields in and sends it.
  async does(key, fields = {}) {
    const { page } = this;
    // fields carry the key of their form in front
    const form = page.locator(`form[action$="/${key}"], form:has([id^="${key}-"])`).first();
    const details = page.locator('details.deed').filter({ has: form });
    if (await details.count() && await details.first().getAttribute('open') === null) {
      await details.first().locator('summary').first().click();
    }
    for (const [name, value] of Object.entries(fields)) {
      const field = form.locator(`[name="${name}"]:not([type=hidden])`).first();
      const kind = await field.evaluate((one) => `${one.tagName}:${one.type}`);
      if (kind.startsWith('SELECT')) await field.selectOption(value);
      else if (kind === 'INPUT:checkbox') await field.check();
      else if (kind === 'INPUT:file') await field.setInputFiles(value);
      else await field.fill(String(value));
    }
    await form.locator('button').first().click();
  }

  /// Violations of the rules of accessibility that shut people out. `colours`: contrast is
  /// looked at too, which takes the longest.
  async shutOut(page = this.page, colours = true) {
    // put there by the tool itself, so that the page's own policy stays as it is
    const context = await page.context().newCDPSession(page);
    const evaluate = async (expression) => {
      const answer = await context.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
      if (answer.exceptionDetails) throw new Error(answer.exceptionDetails.exception?.description);
      return answer.result.value;
    };
    await evaluate(axe);
    const found = await evaluate(`axe.run(document, { resultTypes: ['violations'],
      rules: { 'color-contrast': { enabled: ${colours} } } }).then((r) =>
      r.violations.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.map((n) => n.html.slice(0, 160)) })))`);
    await context.detach();
    return found.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  }

  async leave() {
    await this.context.close();
    assert.deepEqual(this.trouble, []);
  }
}
