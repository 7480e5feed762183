// From weights tried to an edition that went out: ranked anew, kept for a member, a dissent recorded, a judgement
// written, frozen, published; and two directors deciding.
import { accessible, browse, check, finish, fits, go, open, people, picture, settled, signIn } from './browser.mjs';

const browser = await browse();

// A member's director.
{
    const page = await open(browser, { height: 1000 });
    await signIn(page, people.member_director);
    await go(page, '/workbench');
    await page.waitForSelector('.ranking tbody tr', { timeout: 60_000 });
    await accessible(page, 'weights');
    const order = () => page.locator('.ranking tbody tr').allInnerTexts();
    const before = await order(), answered = page.waitForResponse(each => each.url().endsWith('/rank') && each.status() === 200), slider = page.locator('.weight input[type=range]').first();
    await slider.focus();
    await page.keyboard.press('End');
    await answered;
    await page.waitForFunction(old => [...document.querySelectorAll('.ranking tbody tr')].map(each => each.innerText).join() !== old, before.join());
    check((await order()).join() !== before.join(), 'another weight, another ranking');
    await page.locator('.weight input[type=number]').nth(1).fill('0');
    await settled(page);
    await page.getByLabel('Why these').fill('Scale counts most for us.');
    await page.getByRole('button', { name: /^Set as/ }).click();
    await page.waitForSelector('.toast.good');
    await picture(page, 'bench-weights');

    await go(page, '/workbench/consensus');
    check(await page.locator('.matrix tbody tr').count() >= 12, 'every threat under every member\'s weights');
    await page.locator('textarea').fill('One joint operation made the year; <i>two</i> ranks lower without it.');
    await page.getByRole('button', { name: 'Record the dissent' }).click();
    await page.waitForSelector('.steps li');
    check((await page.locator('.steps').innerText()).includes('<i>two</i>'), 'a dissent stands in the member\'s own words');
    await accessible(page, 'consensus');
    await picture(page, 'bench-consensus');

    await go(page, '/workbench/evidence');
    await page.waitForSelector('.table tbody tr .evidence');
    await accessible(page, 'indicators and grades');
    await picture(page, 'bench-evidence');
    await go(page, '/workbench/judgements');
    await accessible(page, 'judgements');
    await page.context().close();
}

// The region's director freezes and publishes.
{
    const page = await open(browser, { height: 1000 });
    await signIn(page, people.director);
    await go(page, '/workbench/publish');
    await page.getByRole('button', { name: 'Freeze', exact: true }).click();
    await page.locator('[role=alertdialog] .primary').click();
    await page.waitForSelector('.facts code');
    check(/[0-9a-f]{16}/.test(await page.locator('.facts code').first().innerText()), 'what is frozen has a hash');
    await page.getByRole('button', { name: 'Approve and publish' }).click();
    await page.waitForSelector('[data-job=done]', { timeout: 300_000 });
    check(await page.locator('[data-job] a[download]').count() > 0, 'the edition is there to fetch');
    await accessible(page, 'published');
    await picture(page, 'bench-published');
    await go(page, '/workbench');
    await page.waitForSelector('.ranking tbody tr', { timeout: 60_000 });
    check(/Frozen/i.test(await page.locator('.work .badge').first().innerText()), 'what is frozen says so');
    await page.context().close();
}

for (const [width, theme, language] of [[768, 'light', 'sr-Cyrl'], [1440, 'dark', 'sr-Latn']]) {
    const page = await open(browser, { width, theme, language, height: 1000 });
    await signIn(page, people.member_director);
    for (const part of ['weights', 'evidence', 'judgements', 'consensus', 'publish']) {
        await go(page, '/workbench/' + part);
        await fits(page, `${part} at ${width} in ${language}`);
        await accessible(page, `${part} at ${width}, ${theme}, ${language}`);
        await picture(page, `bench-${part}-${width}-${theme}-${language}`);
    }
    await page.context().close();
}

await browser.close();
finish();
