// A director signs in, reads the overview, a threat and its evidence; in three widths, two themes and three writings;
// by keyboard alone; and prints it.
import { accessible, browse, check, finish, fits, go, open, password, people, picture, settled, shots, signIn, url } from './browser.mjs';
import { writeFileSync } from 'node:fs';

const browser = await browse();

// Signing in: wrong, then right; the way there is kept.
{
    const page = await open(browser, { expected: [401] });
    await page.goto(url + '/threats');
    await page.waitForSelector('input[name=username]');
    await accessible(page, 'sign-in');
    await picture(page, 'sign-in', false);
    await page.locator('input[name=username]').fill(people.director);
    await page.locator('input[name=password]').fill('not this one at all');
    await page.locator('button[type=submit]').click();
    await page.waitForSelector('[role=alert]');
    await page.locator('input[name=password]').fill(password);
    await page.locator('button[type=submit]').click();
    await page.waitForSelector('.threat-card');
    check(new URL(page.url()).pathname === '/threats', 'after signing in one is where one wanted to go');
    await page.context().close();
}

// The first view: size, time, content.
{
    const page = await open(browser);
    await signIn(page, people.director);
    let script = 0, map = false;
    const fresh = await page.context().newPage(), session = await fresh.context().newCDPSession(fresh), sizes = new Map();
    await session.send('Network.enable');
    await session.send('Network.setCacheDisabled', { cacheDisabled: true });
    session.on('Network.responseReceived', event => sizes.set(event.requestId, event.response.url));
    session.on('Network.loadingFinished', event => { const from = sizes.get(event.requestId) ?? ''; if (from.endsWith('.js')) { if (/region-map/.test(from)) map = true; else script += event.encodedDataLength; } });
    // The best of three: what the page needs, not what else the machine was doing.
    let took = Infinity;
    for (let i = 0; i < 3; ++i) {
        script = 0;
        const begun = Date.now();
        await fresh.goto(url + '/');
        await fresh.waitForSelector('.ranking tbody tr');
        took = Math.min(took, Date.now() - begun);
        await settled(fresh);
    }
    console.log(`first view: ${took} ms to the ranking, ${Math.round(script / 1000)} kB of script before the map`);
    check(took <= 10_000, `the ranking stood after ${took} ms`);   // it comes at all: a machine at work is no measure (the figure is in docs/PERFORMANCE.md)
    check(script > 0 && script <= 300_000, `${script} bytes of script before the map`);
    check(map, 'the map comes by itself');
    await fresh.close();

    check((await page.locator('h1').innerText()).length > 20, 'the title says the finding');
    check(await page.locator('.ranking tbody tr').count() === 12, 'twelve threats at first');
    check(await page.locator('.map-frame svg path.live').count() >= 8, 'the members are on the map');
    check(await page.locator('.area-arising .chart').count() >= 4, 'signals are drawn');
    await accessible(page, 'overview');
    await picture(page, 'overview-1440-light');
    // A4, one page, whatever the theme.
    for (const language of ['en', 'sr-Cyrl', 'sr-Latn']) {
        await page.evaluate(l => localStorage.setItem('threatlas.language', l), language);
        const print = await page.context().newPage();
        await print.addInitScript(l => localStorage.setItem('threatlas.language', l), language);
        await go(print, '/');
        const pdf = await print.pdf({ preferCSSPageSize: true, printBackground: true });
        writeFileSync(`${shots}/overview-${language}.pdf`, pdf);
        const pages = (pdf.toString('latin1').match(/\/Type\s*\/Page[^s]/g) ?? []).length;
        check(pages === 1, `the overview prints on one page in ${language}, not ${pages}`);
        await print.close();
    }
    await page.context().close();
}

// Widths, themes, writings.
for (const [width, theme, language] of [[1440, 'dark', 'en'], [1024, 'light', 'sr-Cyrl'], [768, 'light', 'en'], [768, 'dark', 'sr-Latn']]) {
    const page = await open(browser, { width, theme, language, height: 1000 });
    await signIn(page, people.director);
    for (const [name, path] of [['overview', '/'], ['threats', '/threats'], ['threat', '/threats/migration/smuggling'], ['account', '/account']]) {
        await go(page, path);
        await fits(page, `${name} at ${width} in ${language}`);
        await accessible(page, `${name} at ${width}, ${theme}, ${language}`);
        await picture(page, `${name}-${width}-${theme}-${language}`);
    }
    if (language === 'sr-Cyrl') {
        const words = await page.locator('.shell').innerText();
        check(/Преглед/.test(words) && /Претње/.test(words), 'Serbian in Cyrillic');
    }
    if (language === 'sr-Latn') {
        const words = await page.locator('.nav').first().innerText();
        check(!/[\u0400-\u04ff]/.test(await page.locator('.shell').innerText()), 'no Cyrillic letter is left in Serbian Latin');
        check(width < 1100 || /Pregled/.test(words), 'Serbian in Latin');
    }
    await page.context().close();
}

// A threat: six lenses, and a number opened down to its rows.
{
    const page = await open(browser);
    await signIn(page, people.director);
    await go(page, '/threats/drugs/synthetic');
    check(await page.locator('.lens').count() === 6, 'six lenses');
    check(await page.locator('.not-assessed').count() > 0, 'what is not assessed says what would help');
    await accessible(page, 'threat');
    await picture(page, 'threat-1440-light');
    const number = page.locator('.lens .bars .evidence').first(), figure = await number.getAttribute('data-figure');
    await number.click();
    await page.waitForSelector('.drawer .table');
    check(page.url().includes('figure=' + figure), 'evidence has an address');
    const drawer = await page.locator('.drawer').innerText();
    for (const word of ['Citation', 'How it was made', 'source row', 'TLP:']) check(drawer.includes(word), `the drawer says ${word}`);
    check(await page.locator('.drawer tbody tr').count() > 0, 'rows are shown');
    await accessible(page, 'evidence');
    await picture(page, 'evidence-1440-light', false);
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Rows as CSV' }).click();
    check((await saved).suggestedFilename() === `${figure}.csv`, 'the rows can be taken away');
    await page.keyboard.press('Escape');
    await page.waitForSelector('.drawer', { state: 'detached' });
    check(await page.evaluate(() => document.activeElement?.getAttribute('data-figure')) === figure, 'the focus returns to the number');
    // The series can be walked through.
    const time = page.locator('.time').first();
    await time.focus();
    const before = await time.getAttribute('aria-valuetext');
    await page.keyboard.press('Home');
    check(await time.getAttribute('aria-valuetext') !== before, 'arrows move through a series');
    await page.getByRole('button', { name: 'As a table' }).first().click();
    check(await page.locator('.chart-table').count() === 1, 'a chart shows its numbers as a table');
    await page.context().close();
}

// By keyboard alone: to the content, to a threat, to its evidence and back.
{
    const page = await open(browser);
    await page.goto(url + '/');
    await page.waitForSelector('input[name=username]');
    await page.keyboard.type(people.director);
    await page.keyboard.press('Tab');
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await page.waitForSelector('.ranking tbody tr');
    await settled(page);
    await page.evaluate(() => document.activeElement?.blur());
    await page.keyboard.press('Tab');
    check((await page.evaluate(() => document.activeElement?.className)) === 'skip', 'the first stop leads to the content');
    await page.keyboard.press('Enter');
    check((await page.evaluate(() => document.activeElement?.id)) === 'content', 'and one is there');
    const reach = async (test, most, what) => {
        for (let i = 0; i < most; ++i) {
            await page.keyboard.press('Tab');
            if (await page.evaluate(test)) return true;
        }
        check(false, what);
        return false;
    };
    if (await reach(() => document.activeElement?.matches('.ranking a'), 12, 'the ranking is reached')) {
        await page.keyboard.press('Enter');
        await page.waitForSelector('.lens');
        await settled(page);
        if (await reach(() => document.activeElement?.matches('.evidence'), 14, 'a number is reached')) {
            await page.keyboard.press('Enter');
            await page.waitForSelector('.drawer');
            await page.keyboard.press('Escape');
            await page.waitForSelector('.drawer', { state: 'detached' });
        }
    }
    // Regions of the map by arrows.
    await page.locator('.map-frame path[tabindex="0"]').first().focus();
    const first = await page.evaluate(() => document.activeElement?.getAttribute('data-country'));
    await page.keyboard.press('ArrowRight');
    check(await page.evaluate(() => document.activeElement?.getAttribute('data-country')) !== first, 'arrows move on the map');
    // The menu: language.
    await page.locator('.bar button[aria-haspopup]').focus();
    await page.keyboard.press('Enter');
    await page.waitForSelector('[role=menu]');
    await accessible(page, 'menu');
    await page.getByRole('menuitemradio', { name: 'Serbian, Cyrillic' }).press('Enter');
    await page.waitForFunction(() => document.documentElement.lang === 'sr-Cyrl');
    await page.context().close();
}

await browser.close();
finish();
