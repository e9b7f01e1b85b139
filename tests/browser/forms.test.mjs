// What becomes of what somebody writes: sent too late, sent twice, not sent at all; and the
// keys of the bench.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Site, Visitor, open } from './support.mjs';

let site, browser;
before(async () => {
  site = await Site.demo('--townships', '2', '--staff', '60');
  browser = await open();
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

async function writes(visitor, title) {
  await visitor.go('/recruitment/new');
  await visitor.page.fill('[name=title]', title);
  await visitor.page.fill('[name="posts.0.0"]', '全科医师');
  await visitor.page.fill('[name="posts.0.1"]', '1');
}

/// Takes a plan back, so that its place is free for the next one.
async function cancels(visitor, title) {
  await visitor.page.locator('main tbody tr', { hasText: title }).locator('a').first().click();
  await visitor.does('cancel', { reason: '不再需要', sure: true });
  await visitor.reads('已取消', 'cancelled', '.chips');
}

async function plans(visitor, title) {
  await visitor.go('/recruitment/plans');
  return visitor.page.locator('main tbody tr', { hasText: title }).count();
}

for (const script of [true, false]) {
  const name = script ? 'with script' : 'without script';

  test(`a form that is sent after the session ended is back (${name})`, async () => {
    const clerk = await Visitor.signedIn(browser, site, 'jigou', { script });
    await writes(clerk, `补充医师 ${name}`);
    // another session of the account ends this one
    const other = await Visitor.signedIn(browser, site, 'jigou');
    await other.go('/me');
    const next = `a-longer-password-${script}`;
    await other.page.fill('#old', site.logins.jigou);
    await other.page.fill('#new', next);
    await other.page.click('form[action="/me/password"] button');
    await other.reads('密码已修改', 'changed', '.told');
    site.logins.jigou = next;
    await clerk.page.click('.whole button.primary');
    await clerk.reads('填写的内容都还在', 'is kept', '.told');
    await clerk.signIn('jigou');
    assert.equal(new URL(clerk.page.url()).pathname, '/kept');
    await clerk.reads('尚未写入', 'nothing is recorded', '.failed');
    assert.equal(await clerk.page.inputValue('[name=title]'), `补充医师 ${name}`);
    await clerk.page.click('.whole button.primary');
    await clerk.reads('计划已保存', 'saved', '.told');
    assert.equal(await plans(clerk, `补充医师 ${name}`), 1);
    await cancels(clerk, `补充医师 ${name}`);
    await clerk.leave();
    await other.leave();
  });

  test(`a button that is pressed twice (${name})`, async () => {
    const clerk = await Visitor.signedIn(browser, site, 'jigou', { script });
    await writes(clerk, `补充护士 ${name}`);
    await clerk.page.dblclick('.whole button.primary');
    await clerk.reads('计划已保存', 'saved', '.told');
    assert.equal(await plans(clerk, `补充护士 ${name}`), 1);
    await cancels(clerk, `补充护士 ${name}`);
    await clerk.leave();
  });
}

test('what was not sent is there again, until one signs out', async () => {
  const clerk = await Visitor.signedIn(browser, site, 'jigou');
  const { page } = clerk;
  const kept = () => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('dinggang draft')).length);
  await writes(clerk, '还没有写完');
  await page.waitForFunction(() => localStorage.length > 0);
  await clerk.go('/recruitment/new');
  assert.equal(await page.inputValue('[name=title]'), '还没有写完');
  await clerk.reads('已恢复', 'is here again', '.restored');
  await page.click('.restored button');
  assert.equal(await page.inputValue('[name=title]'), '');
  assert.equal(await kept(), 0);
  // what is sent is not kept
  await writes(clerk, '补充药师');
  await page.click('.whole button.primary');
  await clerk.reads('计划已保存', 'saved', '.told');
  assert.equal(await kept(), 0);
  // and nothing stays behind for whoever comes next
  await writes(clerk, '还没有写完');
  await page.waitForFunction(() => localStorage.length > 0);
  await page.click('details.person summary');
  await page.click('form[action="/sign-out"] button');
  await clerk.reads('已退出', 'signed out', '.told');
  assert.equal(await kept(), 0);
  await clerk.leave();
});

test('the keys of the bench', async () => {
  const clerk = await Visitor.signedIn(browser, site, 'jigou');
  await clerk.go('/institutions/WS01/people?level=junior&state=employed');
  const people = await clerk.page.locator('main tbody th a').evaluateAll((all) => all.map((one) => one.href));
  let made = 0;
  for (const href of people) {
    if (made === 2) break;
    await clerk.go(href);
    const rank = /士级/.test(await clerk.text('main .lead')) ? 'assistant' : 'junior';
    await clerk.page.locator('main a[href^="/applications/new?person="]').last().click();
    await clerk.page.selectOption('[name=kind]', 'reappointment');
    await clerk.page.selectOption('[name=rank]', rank);
    await clerk.page.click('.whole button.primary');
    // somebody of the demo has one under way
    await clerk.page.waitForURL(/told=/);
    if (/other-open/.test(clerk.page.url())) continue;
    for (const step of ['submit', 'take', 'recommend']) await clerk.does(step);
    made += 1;
  }
  assert.ok(made > 0);
  await clerk.leave();
  const reviewer = await Visitor.signedIn(browser, site, 'weijian');
  const { page } = reviewer;
  await reviewer.go('/bench');
  await page.keyboard.press('j');
  await page.waitForURL(/\/bench\/./);
  const first = page.url();
  await page.keyboard.press('?');
  const help = page.locator('#keys[open]');
  await help.waitFor();
  for (const words of ['下一件', '上一件', '退回补正', '不予通过', '预览所选']) {
    assert.ok((await help.innerText()).includes(words), words);
  }
  assert.deepEqual(await reviewer.shutOut(), []);
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => !document.querySelector('dialog[open]') && !document.activeElement.closest('dialog'));
  await page.keyboard.press('s');
  await page.locator('.queue .current input:checked').waitFor();
  await page.keyboard.press('j');
  await page.waitForURL((url) => url.href !== first);
  await page.keyboard.press('k');
  await page.waitForURL(first);
  // a key opens a form, and no key sends one
  await page.keyboard.press('r');
  await page.waitForFunction(() => document.activeElement.tagName === 'SELECT');
  assert.equal(page.url(), first);
  await reviewer.leave();
});
