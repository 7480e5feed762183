// The pages one works on: a file with errors handed in and mended, a signal triaged, people and machines let in and sent
// away, search in two scripts, Ctrl+K; then every page in widths, themes and writings.
import { workbook } from './xlsx.mjs';
import { accessible, browse, check, finish, fits, go, open, people, picture, settled, signIn } from './browser.mjs';

const browser = await browse();
const kHead = 'Држава;Година;Месец;Врста;Количина;Јединица';
const file = (name, lines) => ({ name, mimeType: 'text/csv', buffer: Buffer.from([kHead, ...lines].join('\n') + '\n') });
const good = Array.from({ length: 24 }, (_, i) => `Србија;${2020 + Math.floor(i / 12)};${(i % 12) + 1};heroin;${10 + (i % 7)},5;kg`);

// A spreadsheet with errors: seen, told row by row, taken in without them, mended, taken in again.
{
    const page = await open(browser, { height: 1000 });
    await signIn(page, people.contributor);
    await go(page, '/data/upload');
    const choose = page.locator('input[type=file]');
    await choose.setInputFiles(file('Заплене.csv', [...good, 'Србија;2022;1;heroin;десет;kg', 'Србија;2022;2;<img src=x onerror=alert(1)>;3,5;kg']));
    await page.waitForSelector('.map-fields');
    check(/Serbia/.test(await page.locator('main input').evaluateAll(all => all.map(each => each.value).join('|'))), 'a member hands in for itself, and Србија is known to be Serbia');
    await accessible(page, 'mapping');
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await page.waitForSelector('.counts');
    const counts = async () => Object.fromEntries((await page.locator('.counts span').allInnerTexts()).map(each => each.split('\n').reverse()));
    const first = await counts();
    check(first.accepted === '24' && first.refused === '2', `twenty-four are good and two are not: ${JSON.stringify(first)}`);
    const told = await page.locator('.table').last().innerText();
    check(/десет/.test(told) && /\b26\b/.test(told) && /\b27\b/.test(told), 'refused rows are told with row and original');
    check(told.includes('<img src=x onerror=alert(1)>') && (await page.locator('main img').count()) === 0, 'what looks like markup is text');
    await accessible(page, 'refused rows');
    await picture(page, 'work-refused');
    const saved = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Refused rows as CSV' }).click();
    const refused = await (await saved).createReadStream(), parts = [];
    for await (const part of refused) parts.push(part);
    const text = Buffer.concat(parts).toString('utf8');
    check(/threatlas_reason/.test(text), 'refused rows come with their reason');
    await page.getByRole('button', { name: /^Take in 24/ }).click();
    await page.waitForSelector('[data-job=done]', { timeout: 120_000 });
    // Mended and handed in again: the mapping stays.
    await choose.setInputFiles({ name: 'mended.csv', mimeType: 'text/csv', buffer: Buffer.from(text.replace('десет', '10').replace('<img src=x onerror=alert(1)>', 'heroin')) });
    await page.getByRole('heading', { name: 'mended.csv' }).waitFor();
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await page.waitForSelector('.counts');
    const second = await counts();
    check(second.accepted === '2' && second.refused === '0', `the mended rows are accepted: ${JSON.stringify(second)}`);
    await page.getByRole('button', { name: /^Take in 2/ }).click();
    await page.waitForSelector('[data-job=done]', { timeout: 120_000 });
    await picture(page, 'work-mended');
    await page.context().close();
}

// A workbook: another sheet, headings further down, checked without asking.
{
    const page = await open(browser, { height: 1000 });
    await signIn(page, people.contributor);
    await go(page, '/data/upload');
    const rows = [['Служба за аналитику'], kHead.split(';'), ...Array.from({ length: 12 }, (_, i) => ['Србија', 2021, i + 1, 'heroin', 4.5 + i, 'kg']), ['Србија', 2022, 13, 'heroin', 1, 'kg']];
    await page.locator('input[type=file]').setInputFiles({ name: 'Свеска.xlsx', mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', buffer: workbook({ Напомене: [['Без података'], ['овде']], Подаци: rows }) });
    await page.locator('.sample').waitFor();
    await page.getByRole('button', { name: /Sheet/ }).click();
    await page.getByRole('option', { name: 'Подаци' }).click();
    await page.waitForFunction(() => document.querySelector('.sample')?.textContent.includes('heroin'));
    await page.getByLabel('Row of the headings').fill('2');
    await page.waitForFunction(() => document.querySelector('.sample thead')?.textContent.includes('Држава'));
    await page.waitForSelector('.counts', { timeout: 30_000 });
    check(/12/.test(await page.locator('.counts').innerText()) && /month|13/.test(await page.locator('.table').last().innerText()), 'a workbook is checked as one maps, and its thirteenth month is refused');
    await accessible(page, 'workbook');
    await picture(page, 'work-workbook');
    await page.context().close();
}

// The map: flows and places of seizures, and a count opened down to its rows.
{
    const page = await open(browser, { height: 1000 });
    await signIn(page, people.analyst);
    await go(page, '/map');
    for (const [name, kind] of [['Seizures: from where to where', 'flows'], ['Seizures: where they were made', 'places']]) {
        await page.getByRole('button', { name: /Over it/ }).click();
        await page.getByRole('option', { name }).click();
        await page.waitForSelector('.section .table .evidence');
        await settled(page);
        check(await page.locator(kind === 'flows' ? '.map-frame path[marker-end]' : '.map-frame circle').count() >= 8, `${kind} are drawn`);
        await accessible(page, `map with ${kind}`);
        await picture(page, `work-map-${kind}`);
    }
    const count = page.locator('.section .table .evidence').first(), n = Number(await count.innerText());
    await count.click();
    await page.waitForSelector('.drawer tbody tr');
    check((await page.locator('.drawer').innerText()).includes(`${n} rows`) && n > 1, 'a count opens to its rows');
    await accessible(page, 'rows of a place');
    await picture(page, 'work-map-rows', false);
    await page.context().close();
}

// A signal, by keyboard: down, acknowledged, then assessed in words.
{
    const page = await open(browser);
    await signIn(page, people.analyst);
    await go(page, '/signals');
    check(await page.locator('.pick-list button').count() > 0, 'signals are in the inbox');
    await page.keyboard.press('j');
    await page.waitForSelector('article .story');
    check(!/\[object/.test(await page.locator('main').innerText()), 'everything is in words');
    await page.keyboard.press('a');
    await page.waitForSelector('article .steps li');
    check(/petar/.test(await page.locator('article .steps').innerText()) || await page.locator('article .steps li').count() === 1, 'the step is recorded');
    await page.getByRole('radio', { name: 'Assess', exact: true }).click();
    await page.locator('article .select-button').last().click();
    await page.getByRole('option').first().click();
    await page.locator('article textarea').fill('The route is used less; <b>not</b> a gap of the source.');
    await page.getByRole('button', { name: 'Assess', exact: true }).click();
    await page.waitForFunction(() => document.querySelectorAll('article .steps li').length >= 2);
    check((await page.locator('article .steps').innerText()).includes('<b>not</b>'), 'a judgement is text');
    await accessible(page, 'a signal assessed');
    await picture(page, 'work-signal');
    await page.context().close();
}

// Who may come in: a link and a token shown once; a revoked machine is out.
{
    const page = await open(browser);
    await signIn(page, people.administrator);
    await go(page, '/admin/people');
    await page.getByRole('button', { name: 'Invite somebody' }).click();
    await page.locator('[role=dialog] .sheet-foot .primary').click();
    await page.waitForSelector('[data-invitation]');
    check(/\/invitation#\S{20,}/.test(await page.locator('[data-invitation]').innerText()), 'the link of an invitation is shown');
    await accessible(page, 'invitation link');
    await page.locator('.sheet-foot .primary').click();
    await go(page, '/admin/tokens');
    await page.getByRole('button', { name: 'New token' }).click();
    await page.locator('[role=dialog] input').first().fill('Nightly exchange');
    await page.locator('[role=dialog] .sheet-foot .primary').click();
    await page.waitForSelector('[data-token]');
    const secret = await page.locator('[data-token]').innerText();
    await page.locator('.sheet-foot .primary').click();
    await page.waitForSelector('text=Nightly exchange');
    check(!(await page.content()).includes(secret), 'a token is shown once');
    const asks = () => page.context().request.get(new URL('/api/v1/region', page.url()).href, { headers: { Authorization: `Bearer ${secret}`, Cookie: '' } }).then(each => each.status());
    check(await asks() === 200, 'the machine is let in');
    await page.getByRole('row', { name: /Nightly exchange/ }).getByRole('button', { name: 'Revoke' }).click();
    await page.locator('[role=alertdialog] .button.danger').click();
    await page.waitForSelector('[role=alertdialog]', { state: 'detached' });
    await page.waitForFunction(() => !document.querySelector('.table .button.danger'));
    check(await asks() === 401, 'a revoked machine is out');
    await page.context().close();
}

// Search in both scripts, and Ctrl+K.
{
    const page = await open(browser, { language: 'sr-Cyrl' });
    await signIn(page, people.analyst);
    await go(page, '/search?q=' + encodeURIComponent('Србија'));
    const cyrillic = await page.locator('.hits li').count();
    await go(page, '/search?q=Srbija');
    check(await page.locator('.hits li').count() === cyrillic, 'both scripts find the same');
    await go(page, '/search?q=heroin');
    check(await page.locator('.hits a').count() > 0 && await page.locator('.hits mark').count() > 0, 'what was looked for is marked');
    await page.keyboard.press('Control+k');
    await page.waitForSelector('.palette');
    await page.keyboard.type('kokain');   // Latin finds the Cyrillic name
    await page.waitForSelector('.palette li:has-text("кокаин")');
    await accessible(page, 'go to');
    await picture(page, 'work-palette', false);
    await page.keyboard.press('Enter');
    await page.waitForSelector('.lens');
    check(page.url().includes('/threats/drugs/cocaine'), 'and one is there');
    await page.context().close();
}

// Every page, in widths, themes and writings.
const kPages = { contributor: [['upload', '/data']], director: [['signals', '/signals'], ['coverage', '/data/coverage'], ['submissions', '/data/submissions'], ['map', '/map'], ['search', '/search?q=heroin'], ['decisions', '/decisions']], administrator: [['people', '/admin/people'], ['organisations', '/admin/organisations'], ['tokens', '/admin/tokens'], ['audit', '/admin/audit'], ['jobs', '/admin/jobs'], ['rights', '/admin/rights']] };
for (const [width, theme, language] of [[1440, 'light', 'en'], [1440, 'dark', 'sr-Latn'], [768, 'light', 'sr-Cyrl']]) {
    for (const [role, pages] of Object.entries(kPages)) {
        const page = await open(browser, { width, theme, language, height: 1000 });
        await signIn(page, people[role]);
        for (const [name, path] of pages) {
            await go(page, path);
            await fits(page, `${name} at ${width} in ${language}`);
            await accessible(page, `${name} at ${width}, ${theme}, ${language}`);
            await picture(page, `work-${name}-${width}-${theme}-${language}`);
        }
        await page.context().close();
    }
}

await browser.close();
finish();
