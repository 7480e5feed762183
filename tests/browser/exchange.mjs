// Between contact points of two members on one node: a bulletin from writing to withdrawal, a request with its answer, the
// directory; a profile from draft to publication; the own watch-list; then every page in widths, themes and writings.
import { accessible, browse, check, finish, fits, go, open, people, picture, settled, signIn } from './browser.mjs';

const browser = await browse();
const kMarkup = 'Look for <img src=x onerror=alert(1)> and heavy pallets.';
const here = await open(browser, { height: 1000 }), there = await open(browser, { height: 1000 });
await signIn(here, people.contact_point);
await signIn(there, people.other_contact);
const dialog = page => page.locator('[role=dialog], [role=alertdialog]').last();
const gone = page => page.waitForSelector('[role=dialog], [role=alertdialog]', { state: 'detached' });
const pick = async (page, list, name) => { await page.locator(list).filter({ hasText: name }).first().click(); await settled(page); };

// A bulletin, written with a file, read as text, acknowledged, corrected, withdrawn.
{
    await go(here, '/desk');
    await here.getByRole('button', { name: 'Write a bulletin' }).first().click();
    await dialog(here).getByLabel('Title').fill('Heroin in pallets');
    await dialog(here).getByLabel('Text', { exact: true }).fill(kMarkup);
    await dialog(here).locator('input[type=file]').setInputFiles({ name: 'pallets.csv', mimeType: 'text/csv', buffer: Buffer.from('day,kg\n2026-11-01,4\n') });
    await dialog(here).getByText('pallets.csv').waitFor();
    await dialog(here).getByText('Bulgaria', { exact: true }).last().click();
    await accessible(here, 'a bulletin being written');
    await picture(here, 'exchange-write', false);
    await dialog(here).getByRole('button', { name: 'Send' }).click();
    await here.waitForSelector('article .letter');
    check((await here.locator('article .letter').innerText()) === kMarkup && (await here.locator('article img').count()) === 0, 'what looks like markup is text');

    await go(there, '/desk');
    check(await there.locator('.pick-list .fresh').count() === 1, 'a new bulletin stands out');
    await pick(there, '.pick-list button', 'Heroin in pallets');
    await there.waitForSelector('article .letter');
    const saved = there.waitForEvent('download');
    await there.locator('.files a').click();
    check((await saved).suggestedFilename() === 'pallets.csv', 'its file can be taken away');
    await there.getByRole('button', { name: 'Acknowledge' }).click();
    await dialog(there).locator('textarea').fill('We have one such case.');
    await dialog(there).locator('.primary').click();
    await gone(there);
    await accessible(there, 'a bulletin read');
    await picture(there, 'exchange-read');

    await here.reload();
    await settled(here);
    await here.getByText('We have one such case.').waitFor();
    check(await here.locator('article .table .step').count() >= 4, 'the sender sees: sent, arrived, opened, acknowledged');
    await picture(here, 'exchange-receipts');
    await here.getByRole('button', { name: 'Correct' }).click();
    await dialog(here).getByLabel('Title').fill('Heroin in pallets and crates');
    await dialog(here).getByLabel('Why').fill('Crates were found as well.');
    await dialog(here).getByRole('button', { name: 'Correct' }).click();
    await gone(here);
    await there.reload();
    await there.getByRole('heading', { name: 'Heroin in pallets and crates' }).waitFor();
    check(/Crates were found as well/.test(await there.locator('article').innerText()) && await there.getByRole('button', { name: 'Acknowledge' }).count() === 1, 'a correction says why and is acknowledged anew');
    // Consent to a third, and taken back: both sides see it.
    await here.getByRole('button', { name: 'Consent' }).click();
    await dialog(here).getByRole('button', { name: /To whom/ }).click();
    await here.getByRole('option', { name: 'Montenegro' }).first().click();
    await dialog(here).locator('.primary').click();
    await gone(here);
    await here.getByRole('button', { name: 'Take back' }).click();
    await dialog(here).locator('textarea').fill('They may not have it.');
    await accessible(here, 'a consent being taken back');
    await dialog(here).locator('.danger').click();
    await gone(here);
    await here.locator('article').getByText('Taken back', { exact: true }).waitFor();
    await picture(here, 'exchange-consents');
    await there.reload();
    await there.locator('article').getByText('Taken back', { exact: true }).waitFor();
    check(await there.getByRole('button', { name: 'Take back' }).count() === 0, 'others see it, and take back nothing');
    await here.getByRole('button', { name: 'Withdraw' }).click();
    await dialog(here).locator('textarea').fill('It was another case.');
    await dialog(here).locator('.danger').click();
    await gone(here);
    await there.reload();
    await there.locator('article').getByText('It was another case.').waitFor();
    check(!(await there.locator('article').innerText()).includes('heavy pallets'), 'of what is withdrawn the reason is left');
}

// A request with two questions and a deadline; answered, closed.
{
    await go(here, '/desk/requests');
    await here.getByRole('button', { name: 'Ask others' }).first().click();
    await dialog(here).getByLabel('Title').fill('Workshops for hiding places');
    await dialog(here).getByPlaceholder('Question 1').fill('Do you know such workshops?');
    await dialog(here).getByRole('button', { name: 'Another question' }).click();
    await dialog(here).getByPlaceholder('Question 2').fill('Which vehicles?');
    await dialog(here).getByText('Bulgaria', { exact: true }).last().click();
    await accessible(here, 'a request being written');
    await dialog(here).getByRole('button', { name: 'Send' }).click();
    await here.waitForSelector('article');
    await go(there, '/desk/requests');
    await pick(there, '.pick-list button', 'Workshops');
    await there.getByLabel('Do you know such workshops?').fill('One, near the border.');
    await there.getByLabel('Which vehicles?').fill('Vans.');
    await accessible(there, 'a request to answer');
    await picture(there, 'exchange-answer');
    await there.getByRole('button', { name: 'Send the answer' }).click();
    await there.waitForSelector('article .steps li');
    await here.reload();
    await settled(here);
    check(/One, near the border/.test(await here.locator('article .steps').innerText()), 'the answer is there, question by question');
    await here.getByRole('button', { name: 'Close' }).click();
    await dialog(here).locator('textarea').fill('Answered.');
    await dialog(here).locator('.primary').click();
    await gone(here);
    await here.locator('article').getByText('Closed').first().waitFor();
    check(true, 'and the request is closed');
}

// The directory and a subscription.
{
    await go(here, '/desk/directory');
    await here.getByRole('button', { name: 'Add a desk' }).click();
    await dialog(here).getByLabel('Name of the desk').fill('Operations centre');
    await dialog(here).getByLabel('Time zone').fill('Europe/Belgrade');
    await dialog(here).getByLabel('E-mail').fill('desk@mup.example');
    await dialog(here).getByRole('button', { name: 'Save' }).click();
    await here.waitForSelector('.contact');
    check(/On duty now/.test(await here.locator('.contact').innerText()), 'a desk that is always manned is manned now');
    await accessible(here, 'directory');
    await go(here, '/desk/subscriptions');
    await here.getByRole('button', { name: 'Subscribe' }).first().click();
    await dialog(here).getByLabel('E-mail').fill('desk@mup.example');
    await dialog(here).getByRole('button', { name: 'Subscribe' }).click();
    await here.getByRole('row', { name: /everything/ }).waitFor();
    await accessible(here, 'subscriptions');
}

// A profile: compiled by an analyst, approved and published by a director, what it rests on opened.
{
    const analyst = await open(browser, { height: 1000 });
    await signIn(analyst, people.analyst);
    await go(analyst, '/profiles');
    await analyst.getByRole('button', { name: 'Compile a profile' }).click();
    await dialog(analyst).locator('.select-button').first().click();
    await analyst.getByRole('option', { name: 'Illicit drug trafficking' }).click();
    await dialog(analyst).getByRole('button', { name: 'Compile a profile' }).click();
    await analyst.waitForSelector('.statements li', { timeout: 60_000 });
    await accessible(analyst, 'a profile');
    await picture(analyst, 'exchange-profile');
    await analyst.locator('.statements .evidence').first().click();
    await analyst.waitForSelector('.drawer .facts');
    check(/How it was made/.test(await analyst.locator('.drawer').innerText()), 'a statement opens to what it rests on, which the profile carries');
    await analyst.context().close();
    const director = await open(browser, { height: 1000 });
    await signIn(director, people.director);
    await go(director, '/profiles');
    await director.locator('.table tbody a').first().click();
    await director.getByRole('button', { name: 'Approve' }).click();
    await dialog(director).locator('.primary').click();
    await gone(director);
    await director.getByRole('button', { name: 'Publish' }).click();
    await dialog(director).getByText('Bulgaria', { exact: true }).click();
    await dialog(director).getByRole('button', { name: 'Publish' }).click();
    await dialog(director).getByText('Read on this node').waitFor();
    await dialog(director).getByRole('button', { name: 'Close' }).last().click();
    await director.getByText('Published', { exact: true }).first().waitFor();
    check(true, 'a profile goes from draft to publication');
    await director.context().close();
    await go(there, '/profiles');
    check(await there.locator('.table tbody a').count() === 1, 'and another member reads it');
}

// The own watch-list; a name alone is refused; what each side learns is said.
{
    await go(here, '/match');
    const words = await here.locator('.learns').innerText();
    check(/You learn/.test(words) && /They learn/.test(words) && /Not what you asked/.test(words), 'what each side learns is said before anything is asked');
    await accessible(here, 'asking');
    await go(here, '/match/list');
    for (const [value, country, right] of [['064 123 4567', 'Serbia', true], ['12', 'Serbia', false]]) {
        await here.getByRole('button', { name: 'Put on the list' }).first().click();
        await dialog(here).getByLabel('Identifier').fill(value);
        await dialog(here).getByRole('combobox', { name: 'Country' }).fill(country);
        await here.getByRole('option', { name: country }).first().click();
        await dialog(here).getByLabel('Case reference').fill('KT 12/26');
        await dialog(here).locator('.sheet-foot .primary').click();
        if (right) {
            await gone(here);
            await here.getByText('+381641234567').waitFor();
        } else {
            await dialog(here).locator('[role=alert]').waitFor();
            check(true, 'what is no telephone number is refused with its reason');
            await dialog(here).getByRole('button', { name: 'Cancel' }).click();
            await gone(here);
        }
    }
    await accessible(here, 'the own list');
    await picture(here, 'exchange-list');
    await here.getByRole('button', { name: 'Publish changes' }).click();
    await here.getByText('Published', { exact: true }).first().waitFor();
    await here.waitForFunction(() => document.querySelector('.table .badge.good') !== null);
    check(true, 'and the list is published');
}
await here.context().close();
await there.context().close();

// A list that comes in many pages is shown whole: the server is asked for two at a time instead of a thousand.
{
    const page = await open(browser);
    await signIn(page, people.administrator);
    let asked = 0;
    await page.route(/api\/v1\/people\?/, route => (++asked, route.continue({ url: route.request().url().replace('limit=1000', 'limit=2') })));
    await go(page, '/admin/people');
    const text = await page.locator('main').innerText();
    for (const name of Object.values(people)) check(text.includes(name), `${name} is listed, whatever the page`);
    check(asked >= Object.keys(people).length / 2, `the list came in pages: ${asked}`);
    await page.context().close();
}

// Every page, in widths, themes and writings.
const kPages = { contact_point: [['bulletins', '/desk'], ['requests', '/desk/requests'], ['directory', '/desk/directory'], ['subscriptions', '/desk/subscriptions'], ['ask', '/match/ask'], ['list', '/match/list'], ['follow', '/match/follow'], ['sessions', '/match/sessions'], ['parties', '/match/parties'], ['log', '/match/log'], ['profiles', '/profiles']], administrator: [['nodes', '/admin/nodes'], ['collections', '/admin/collections']] };
for (const [width, theme, language] of [[1440, 'light', 'en'], [1440, 'dark', 'sr-Latn'], [768, 'light', 'sr-Cyrl']]) {
    for (const [role, pages] of Object.entries(kPages)) {
        const page = await open(browser, { width, theme, language, height: 1000, expected: [404] });   // this node has no name yet
        await signIn(page, people[role]);
        for (const [name, path] of pages) {
            await go(page, path);
            await fits(page, `${name} at ${width} in ${language}`);
            await accessible(page, `${name} at ${width}, ${theme}, ${language}`);
            if (language === 'sr-Latn') check(!/[\u0400-\u04ff]/.test(await page.locator('.shell').innerText()), `no Cyrillic letter is left on ${name}`);
            await picture(page, `exchange-${name}-${width}-${theme}-${language}`);
        }
        await page.context().close();
    }
}

await browser.close();
finish();
