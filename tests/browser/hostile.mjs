// Markup in every text a person or a file can put in: planted through the API as each role may, then every page that shows
// texts is opened by those who read them. Nothing of it may become an element, let alone run.
import { browse, check, finish, open, people, settled, signIn, url } from './browser.mjs';

const browser = await browse();
const kMark = '<img src=x onerror="hostile()"><script>hostile()</script><svg onload=hostile()>';
const kAttribute = `"' onmouseover="hostile()" x='`;
const kLink = 'javascript:hostile()';
const kWhole = `${kMark} ${kAttribute} ${kLink}`;

// One who asks the API with the cookies of a page.
async function asking(role) {
    const page = await open(browser, { expected: [404, 422] });
    await page.addInitScript(() => { window.hostile = () => { window.ranHostile = true; }; });
    await signIn(page, people[role]);
    const { csrf } = await (await page.request.get(`${url}/api/v1/session`)).json();
    const send = async (method, path, data, headers = {}) => {
        const answer = await page.request.fetch(`${url}/api/v1/${path}`, { method, data, headers: { 'X-CSRF-Token': csrf, Origin: url, ...headers } });
        const text = await answer.text();
        return { status: answer.status(), body: text.startsWith('{') ? JSON.parse(text) : text };
    };
    return { page, get: path => send('GET', path), post: (path, data, headers) => send('POST', path, data, headers), put: (path, data) => send('PUT', path, data), patch: (path, data) => send('PATCH', path, data) };
}

const planted = [];
function taken(what, answer) {
    check(answer.status >= 200 && answer.status < 300, `${what} with markup is taken as a text: ${answer.status} ${JSON.stringify(answer.body).slice(0, 200)}`);
    planted.push(what);
    return answer.body;
}

const director = await asking('director'), analyst = await asking('analyst'), administrator = await asking('administrator'), contributor = await asking('contributor'), own = await asking('member_director');

// Decisions and their steps, judgements, signals.
const decision = taken('a decision', await director.post('decisions', { title: `${kMark} title`, threat: 'drugs.heroin', members: ['rs_mup'], measure: kWhole }));
taken('a step of it', await director.post(`decisions/${decision.id}/steps`, { action: 'progress', text: kWhole }));
taken('a judgement', await own.post('judgements', { threat: 'drugs.heroin', lens: 'state_of_affairs', criterion: 'scale', kind: 'note', text: kWhole, scope: 'region' }));
const signals = (await analyst.get('signals')).body.items;
check(signals.length > 0, 'there are signals');
taken('a note on a signal', await analyst.post(`signals/${signals[0].id}/steps`, { action: 'acknowledge', text: kWhole }));
const { yardsticks } = (await analyst.get('region')).body;
taken('a judgement on it', await analyst.post(`signals/${signals[0].id}/steps`, { action: 'assess', word: yardsticks[0].word, text: kWhole }));
taken('the reason to close it', await analyst.post(`signals/${signals[0].id}/steps`, { action: 'close', outcome: 'undecided', text: kWhole }));

// The workbench: a note on weights, dissent.
const bench = (await own.get('workbench/latest')).body;
const even = Object.fromEntries(bench.criteria.map(each => [each.id, 1 / bench.criteria.length]));
taken('a note on weights', await own.put(`workbench/${bench.assessment ?? 'latest'}/weights/rs_mup`, { weights: even, note: kWhole }));
taken('dissent', await own.post(`workbench/${bench.assessment ?? 'latest'}/dissent`, { threat: '', text: kWhole }));

// A file: its name, headings and cells; its mapping's title; why it was withdrawn.
const csv = `Kind${kMark.replaceAll(',', '')},Place,Year,Value\n${kMark},RS,2023,7\nburglary,${kAttribute.replaceAll('"', '')},2023,7\nburglary,RS,2023,9\n`;
const upload = taken('a file', await contributor.post('uploads', csv, { 'Content-Type': 'application/octet-stream', 'X-Filename': encodeURIComponent(`${kMark}.csv`) }));
const heading = upload.headings?.[0] ?? csv.split(',')[0];
const mapping = { mapping: 1, id: 'hostile', title: kWhole, source: 'member_statistics', member: 'rs_mup', known_at: '2024-01-31', columns: { what: { column: heading, table: { burglary: 'iccs.ICCS0501' }, unknown: 'refuse' }, place: { column: 'Place' }, period: { column: 'Year', as: 'year' }, value: { column: 'Value' }, unit: 'count' } };
taken('a mapping', await contributor.post('mappings', mapping));
const checked = taken('a check', await contributor.post(`uploads/${upload.id}/check`, { mapping, member: 'rs_mup' }));
check(checked.refused >= 1, 'rows with markup are refused');
const job = taken('an ingest', await contributor.post(`uploads/${upload.id}/ingest`, { mapping, member: 'rs_mup' }));
let state = job;
for (let i = 0; i < 100 && !['done', 'failed'].includes(state.state); ++i) await new Promise(later => setTimeout(later, 200)), state = (await contributor.get(`jobs/${job.id}`)).body;
check(state.state === 'done', `the rest of the file is taken in: ${JSON.stringify(state).slice(0, 300)}`);
const submission = state.outcome?.submission ?? (await contributor.get('submissions?sort=-known_at&source=member_statistics')).body.items[0]?.id;
taken('a reason to withdraw', await contributor.post(`submissions/${submission}/withdraw`, { reason: kWhole }));

// What administrators name.
taken('a token', await administrator.post('tokens', { name: kMark, organisation: 'regional', role: 'analyst', scopes: ['read'], days: 1 }));
taken('a job', await director.post('jobs', { kind: 'report', title: `${kMark} job`, assessment: 'latest', format: 'xlsx' }));

// Every page, by those who read it. Addresses too.
async function harmless({ page }, path, there = true) {
    await page.goto(url + path);
    if (there) await settled(page).catch(() => check(false, `${path} does not come to rest`));
    else await page.waitForTimeout(1500);
    const found = await page.evaluate(() => ({ ran: window.ranHostile === true, images: document.querySelectorAll('img[src="x"]').length, handlers: [...document.querySelectorAll('*')].filter(each => [...each.attributes].some(a => a.name.startsWith('on'))).length,
        links: [...document.querySelectorAll('a[href], form[action]')].filter(each => /^\s*javascript:/i.test(each.getAttribute('href') ?? each.getAttribute('action') ?? '')).length, scripts: [...document.scripts].filter(each => each.textContent.includes('hostile')).length }));
    check(Object.values(found).every(each => !each), `${path}: ${JSON.stringify(found)}`);
    return page.locator('body').innerText();
}
const kQuery = encodeURIComponent(kWhole);
for (const path of ['/', '/threats/drugs/heroin', '/signals', `/signals/${signals[0].id}`, '/data/coverage', '/data/submissions', `/data/submissions/${submission}`, '/map', '/workbench', '/workbench/consensus', '/workbench/freeze', '/decisions', `/decisions/${decision.id}`, `/search?q=${encodeURIComponent('hostile')}`, `/search?q=${kQuery}`, `/map?place=${kQuery}`])
    await harmless(director, path);
for (const path of [`/threats/${encodeURIComponent(kMark)}/x`, `/signals/${encodeURIComponent(kMark)}`, `/?assessment=${kQuery}`]) await harmless(director, path, false);   // there is nothing
for (const path of ['/', '/threats/drugs/heroin', '/workbench', '/search?q=hostile']) await harmless(analyst, path);
for (const path of ['/data', '/data/upload', `/data/upload/${upload.id}`, '/data/submissions', `/data/submissions/${submission}`]) await harmless(contributor, path);
for (const path of ['/admin/people', '/admin/organisations', '/admin/tokens', '/admin/audit', '/admin/jobs', '/account']) await harmless(administrator, path);
check((await harmless(director, `/decisions/${decision.id}`)).includes(kMark), 'control: what was planted is shown, as it was typed');
check((await harmless(director, `/sign-in?to=${encodeURIComponent(kLink)}`)).length > 0, 'whereto after signing in is no script');

// The report, which is a page of its own.
const report = await director.page.goto(`${url}/api/v1/assessments/latest/report?format=html`).catch(() => null);
if (report) check(await director.page.evaluate(() => window.ranHostile !== true), 'nor does the report run anything');
console.log(`planted: ${planted.join(', ')}`);
await browser.close();
finish();
