// The main road of each role, from the door to what was done: in both languages, with and
// without script. What is asserted is what somebody sees.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { LANGS, Site, Visitor, open } from './support.mjs';
import { column, reworded } from './workbook.mjs';

let site, browser;
before(async () => {
  site = await Site.demo();
  browser = await open();
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

const PDF = { name: '考核表.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n1 0 obj<<>>endobj\n%%EOF\n') };
const NO_PDF = { name: '考核表.pdf', mimeType: 'application/pdf', buffer: Buffer.from('<html>nothing</html>') };

/// A row of a list by what stands in it.
const row = (visitor, text) => visitor.page.locator('main tbody tr', { hasText: text }).first();

/// Opens the application of somebody from the list of those that are open.
async function openCase(visitor, name) {
  await visitor.go(`/applications?state=open&text=${encodeURIComponent(name)}`);
  await row(visitor, name).locator('a').first().click();
}

/// Goes on with an application that is on the page, and sees what was done.
async function acts(visitor, key, [zh, en], fields) {
  await visitor.does(key, fields);
  await visitor.reads(`已办理：${zh}`, `Done: ${en}`, '.told');
}

const SUBMIT = ['提交', 'submit'];
const TAKE = ['受理', 'take up'];
const RECOMMEND = ['推荐', 'recommend'];

/// Staff looks at the own file, sees why not and from when, and applies where it is open.
async function applies(staff) {
  await staff.reads('晋升路径', 'Ways to promotion');
  await staff.reads('退休', 'Retirement');
  const name = (await staff.text('h1')).split(/\s/)[0];
  await staff.page.locator('.road a.button').first().click();
  await staff.reads('该路径的条件', 'Conditions of the road');
  await staff.page.fill('[name=merits]', '2024、2025 年度考核优秀');
  await staff.page.click('.whole button.primary');
  await staff.reads('草稿已保存', 'The draft is saved', '.told');
  // a file that is not what its name says is refused, and it is said why
  await staff.does('attach', { file: NO_PDF });
  await staff.reads(/PDF.*JPEG/s, /PDF.*JPEG/s, '.failed');
  await acts(staff, 'attach', ['上传附件', 'attach a file'], { file: PDF });
  const file = staff.page.locator('.files a');
  assert.equal(await file.innerText(), PDF.name);
  const got = await staff.context.request.get(await file.getAttribute('href'));
  assert.deepEqual(await got.body(), PDF.buffer);
  assert.match(got.headers()['content-disposition'], /^attachment/);
  await acts(staff, 'submit', SUBMIT);
  return name;
}

/// HR sends it back once with what is missing, then recommends it and publishes.
async function recommends(clerk, staff, name) {
  await openCase(clerk, name);
  await acts(clerk, 'take', TAKE);
  await acts(clerk, 'decline', ['单位退回', 'give back by the institution'], { defects: '缺 2025 年度考核表\n缺继续教育证明' });
  await staff.page.reload();
  await staff.reads('缺继续教育证明', '缺继续教育证明');
  await staff.reads('待补正', 'not yet');
  await acts(staff, 'submit', SUBMIT);
  await openCase(clerk, name);
  await acts(clerk, 'take', TAKE);
  await acts(clerk, 'recommend', RECOMMEND);
  await acts(clerk, 'publish', ['发布公示', 'publish the notice'], { working_days: 5 });
  await clerk.reads('公示中', 'public notice');
  await clerk.go('/notices');
  await clerk.reads(name, name);
}

/// Staff takes it back, and is asked before it is lost.
async function withdraws(staff) {
  await staff.page.reload();
  await staff.does('withdraw', { reason: '个人原因' });
  // the browser itself asks for the tick, so the page is still there
  assert.match(new URL(staff.page.url()).pathname, /^\/applications\//);
  await staff.does('withdraw', { reason: '个人原因', sure: true });
  await staff.reads('已撤回', 'withdrawn', '.chips');
}

/// HR brings a workbook in: what would happen, then what did.
async function imports(clerk, mark) {
  const answer = await clerk.context.request.get('/api/v1/export?reason=test');
  assert.equal(answer.status(), 200);
  const own = await answer.body();
  const file = (buffer) => ({ name: '和林.xlsx', mimeType: 'application/octet-stream', buffer });
  await clerk.go('/import');
  await clerk.page.setInputFiles('#file', file(own));
  await clerk.page.click('.drop button.primary');
  await clerk.reads('没有需要写入的内容', 'nothing to write');
  const last = column(own, '人员', 'B').at(-1);
  const other = reworded(own, (word) => (word === last ? `${last}${mark}` : word));
  await clerk.go('/import');
  await clerk.page.setInputFiles('#file', file(other));
  await clerk.page.click('.drop button.primary');
  await clerk.reads('将要发生的变化', 'What would happen');
  await clerk.reads(new RegExp(`→ .*${mark}`), new RegExp(`→ .*${mark}`));
  await clerk.page.fill('#reason', '更正姓名');
  await clerk.page.click('form[action="/import/confirm"] button');
  await clerk.reads('已全部写入', 'All of it is recorded');
}

/// HR looks at the ledger: a figure opens to its people and its clause.
async function ledger(clerk) {
  await clerk.go('/institutions/WS01/posts');
  const figure = clerk.page.locator('.ledger a').first();
  await figure.click();
  if (clerk.script) {
    await clerk.page.locator('#panel[open] .inside h2, #panel[open] .inside h1').first().waitFor();
    await clerk.page.locator('#panel .close').click();
  } else {
    assert.match(new URL(clerk.page.url()).pathname, /\/posts\/./);
  }
  await clerk.go('/institutions/WS01/posts?on=2025-01-01');
  await clerk.reads('2025-01-01', '2025-01-01', '.strip');
}

/// HR asks for reappointments; those go to the authorities without a notice. Their names.
async function reappoints(clerk, from, many) {
  await clerk.go('/institutions/WS01/people?level=junior&state=employed');
  const people = await clerk.page.locator('main tbody th a').evaluateAll((all) => all.map((one) => [one.textContent, one.href]));
  const names = [];
  for (const [name, href] of people.slice(from, from + many)) {
    await clerk.go(href);
    const title = await clerk.text('main .lead');
    const rank = /师级|assistant$|junior/.test(title) ? 'junior' : 'assistant';
    await clerk.page.locator('main a[href^="/applications/new?person="]').last().click();
    await clerk.page.selectOption('[name=kind]', 'reappointment');
    await clerk.page.selectOption('[name=rank]', rank);
    await clerk.page.click('.whole button.primary');
    await clerk.reads('草稿已保存', 'The draft is saved', '.told');
    await acts(clerk, 'submit', SUBMIT);
    await acts(clerk, 'take', TAKE);
    await acts(clerk, 'recommend', RECOMMEND);
    await clerk.reads('部门审核', 'review', '.chips');
    names.push(name);
  }
  return names;
}

const queued = (visitor, name) => visitor.page.locator('.queue tbody tr', { hasText: name }).first();

/// The county's reviewer at the bench: one back with what is missing, one rejected, one
/// approved, and several at once.
async function reviews(reviewer, [back, refused, approved, ...several], made) {
  await reviewer.go('/bench');
  await queued(reviewer, back).locator('th a').click();
  await reviewer.reads('职数变化', 'Places (before', '.case');
  await acts(reviewer, 'return', ['退回补正', 'return'], { defects: '聘期考核结果未附' });
  assert.equal(await queued(reviewer, back).count(), 0);
  await queued(reviewer, refused).locator('th a').click();
  if (reviewer.script) {
    await reviewer.page.waitForURL(/\/bench\/[^?]/);
    // the key opens the form, and the cursor stands in it
    await reviewer.page.keyboard.press('x');
    assert.equal(await reviewer.page.evaluate(() => document.activeElement.name), 'reason');
  }
  await acts(reviewer, 'reject', ['不予通过', 'reject'], { reason: '聘期考核不合格', sure: true });
  await queued(reviewer, approved).locator('th a').click();
  await acts(reviewer, 'approve', ['通过', 'approve']);
  for (const name of several) await queued(reviewer, name).locator('input[type=checkbox]').check();
  await reviewer.page.click('.queue button');
  await reviewer.reads('批量办理', 'Several at once', 'h1');
  for (const name of several) await reviewer.reads(name, name);
  await reviewer.page.locator(`details.deed:has([id^="${made}-"]) > summary`).click();
  const form = reviewer.page.locator(`details.deed:has([id^="${made}-"]) form`);
  if (made === 'return') await form.locator('[name=defects]').fill('聘期考核结果未附');
  else {
    await form.locator('[name=reason]').fill('聘期考核不合格');
    await form.locator('[name=sure]').check();
  }
  await form.locator('button').click();
  const done = reviewer.page.locator('main .mark.holds');
  assert.equal(await done.count(), several.length);
  await reviewer.reads('已办理', 'done');
}

for (const [at, [lang, script]] of LANGS.flatMap((lang) => [[lang, true], [lang, false]]).entries()) {
  const how = { lang, script };
  const name = `${lang}, ${script ? 'with' : 'without'} script`;

  test(`staff and HR (${name})`, async () => {
    const staff = await Visitor.signedIn(browser, site, 'zhigong', { ...how, width: 390, height: 844 });
    const clerk = await Visitor.signedIn(browser, site, 'jigou', how);
    const applicant = await applies(staff);
    await recommends(clerk, staff, applicant);
    await withdraws(staff);
    await imports(clerk, '甲乙丙丁'[at]);
    await ledger(clerk);
    await staff.leave();
    await clerk.leave();
  });

  test(`reviewers (${name})`, async () => {
    const clerk = await Visitor.signedIn(browser, site, 'jigou', how);
    const names = await reappoints(clerk, 4 * (at % 2), 5);
    assert.equal(names.length, 5);
    const reviewer = await Visitor.signedIn(browser, site, 'weijian', how);
    await reviews(reviewer, names, at % 2 ? 'reject' : 'return');
    // the last office decides, and it is so
    const last = await Visitor.signedIn(browser, site, 'renshe', how);
    await last.go('/bench');
    await queued(last, names[2]).locator('th a').click();
    await acts(last, 'approve', ['通过', 'approve']);
    await last.go(`/applications?text=${encodeURIComponent(names[2])}`);
    await last.reads('已生效', 'in effect');
    // what was missing is told to whoever has to mend it
    await openCase(clerk, names[0]);
    await clerk.reads('聘期考核结果未附', '聘期考核结果未附');
    // taken back, so that the next ones find nothing in their way
    for (const name of [names[0], ...(at % 2 ? [] : names.slice(3))]) {
      await openCase(clerk, name);
      await acts(clerk, 'withdraw', ['撤回', 'withdraw'], { reason: '另行申报', sure: true });
    }
    for (const visitor of [clerk, reviewer, last]) await visitor.leave();
  });

  test(`those who look (${name})`, async () => {
    const auditor = await Visitor.signedIn(browser, site, 'jiandu', how);
    await auditor.go('/audit');
    await auditor.reads('示例人事', 'Submit an application');
    await auditor.page.locator('main a[href*="/audit/verification"]').first().click();
    await auditor.reads('整条审计链核验无误', 'The whole chain verifies');
    await auditor.leave();
    const administrator = await Visitor.signedIn(browser, site, 'guanli', how);
    await administrator.go('/accounts');
    await row(administrator, 'weijian').locator('a').first().click();
    await administrator.reads('县级卫健', 'county health');
    await administrator.go('/rights');
    await administrator.reads('每一行是一项操作', 'A row an action');
    await administrator.leave();
  });

  test(`policies, rural doctors, what if (${name})`, async () => {
    const clerk = await Visitor.signedIn(browser, site, 'renshe', how);
    await clerk.go('/policies');
    await clerk.page.locator('main a[href*="/policies/inner-mongolia/primary-care-draft"]').first().click();
    await clerk.reads('18％、42％', '18％、42％');
    await clerk.reads('理解', 'reading');
    await clerk.go('/rural-doctors?qualification=assistant');
    await clerk.go('/rural-doctors');
    assert.ok(await clerk.page.locator('main tbody tr').count() > 5);
    await clerk.go('/scenario?institution=WS01&a-intermediate=12&b-raised=yes');
    await clerk.reads('结果比较', 'Side by side');
    assert.equal(await clerk.page.locator('main figure svg').count(), 1);
    await clerk.go('/forecast');
    await clerk.reads('五年预测', /Forecast|five years/i);
    // the county on another day says so on every page that follows
    await clerk.go('/?on=2025-01-01');
    await clerk.reads('2025-01-01', '2025-01-01', '.strip');
    await clerk.page.locator('.county a').first().click();
    assert.match(clerk.page.url(), /on=2025-01-01/);
    await clerk.leave();
  });

  test(`recruitment (${name})`, async () => {
    const visitors = {};
    for (const role of ['jigou', 'bianban', 'renshe']) visitors[role] = await Visitor.signedIn(browser, site, role, how);
    const { jigou, bianban, renshe } = visitors;
    await jigou.go('/recruitment/new');
    await jigou.page.fill('[name=title]', `2027 年招聘 ${at + 1}`);
    await jigou.page.fill('[name="posts.0.0"]', '全科医师');
    await jigou.page.click('.whole button.primary');
    await jigou.reads('第 1 行填写不完整', 'row 1: something is missing', '.failed');
    assert.equal(await jigou.page.inputValue('[name=title]'), `2027 年招聘 ${at + 1}`);
    await jigou.page.fill('[name="posts.0.1"]', '1');
    await jigou.page.click('.whole button.primary');
    await jigou.reads('计划已保存', 'The plan is saved', '.told');
    const { pathname } = new URL(jigou.page.url());
    const step = async (visitor, made) => {
      await visitor.go(pathname);
      await visitor.does(made);
      await visitor.reads('已办理', 'Done', '.told');
    };
    await step(jigou, 'propose');
    await step(bianban, 'endorse');
    await step(renshe, 'approve');
    await jigou.go(pathname);
    await jigou.does('rank', { applicants: '1, 20260117, 81.5\n1, 20260118, 90' });
    await jigou.reads('考生已登记', 'Those who applied are recorded', '.told');
    const order = await jigou.page.locator('main table').last().locator('tbody th').allInnerTexts();
    assert.deepEqual(order.map((one) => one.trim()), ['20260118', '20260117']);
    // it is over before the next one plans the same place
    await jigou.does('close');
    for (const visitor of Object.values(visitors)) await visitor.leave();
  });
}
