// From the printed one-time link to a second person with a second factor, all on screen.
import { createHmac } from 'node:crypto';
import { accessible, browse, check, finish, go, open, password, picture, settled, signIn, url } from './browser.mjs';

// RFC 6238 with what the authenticator would know.
function totp(secret, at = Date.now()) {
    const bits = [...secret.replace(/\s/g, '')].map(c => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
    const key = Buffer.from(bits.match(/.{8}/g).map(each => parseInt(each, 2))), counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
    const mac = createHmac('sha1', key).update(counter).digest(), start = mac[19] & 15;
    return String((mac.readUInt32BE(start) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

const browser = await browse();
const page = await open(browser, { expected: [401, 403, 404, 400, 422] });

// The first administrator.
await page.goto(`${url}/setup#${process.env.THREATLAS_SETUP}`);
await page.waitForSelector('input[name=username]');
await accessible(page, 'setup');
await picture(page, 'setup', false);
await page.locator('input[name=username]').fill('vera');
const [first, again] = await page.locator('input[type=password]').all();
await first.fill('short');
await again.fill('short');
await page.locator('button[type=submit]').click();
check((await page.locator('.field .error').count()) > 0, 'a short password is answered beside its field');
await first.fill(password);
await again.fill(password + '!');
await page.locator('button[type=submit]').click();
check(/differ/.test(await page.locator('form').innerText()), 'two that differ are told');
await again.fill(password);
await page.locator('button[type=submit]').click();
await page.getByRole('button', { name: 'Sign in' }).click();
await page.waitForSelector('input[name=password]');
await signIn(page, 'vera');
check(!page.url().includes(process.env.THREATLAS_SETUP), 'the token is gone from the address');

// The link works once.
{
    const late = await open(browser, { expected: [404, 403, 409, 400] });
    await late.goto(`${url}/setup#${process.env.THREATLAS_SETUP}`);
    await late.waitForSelector('input[name=username]');
    await late.locator('input[name=username]').fill('mallory');
    for (const each of await late.locator('input[type=password]').all()) await each.fill(password);
    await late.locator('button[type=submit]').click();
    await late.waitForSelector('[role=alert]');
    check(await late.locator('input[name=username]').count() === 1, 'a used link makes nobody');
    await late.context().close();
}

// An invitation, taken on its page.
const csrf = await page.evaluate(async () => (await (await fetch('/api/v1/session')).json()).csrf);
const link = await page.evaluate(async token => (await (await fetch('/api/v1/invitations', { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': token }, body: JSON.stringify({ organisation: 'rs_mup', role: 'director', clearance: 'TLP:AMBER' }) })).json()), csrf);
const token = link.token ?? link.link.split('#').at(-1);
const guest = await open(browser, { expected: [401, 403] });
await guest.goto(`${url}/invitation#${token}`);
await guest.waitForSelector('input[name=username]');
check(/Director/.test(await guest.locator('.gate-box').innerText()) && /rs_mup|Serbia/.test(await guest.locator('.gate-box').innerText()), 'the invitation says as whom');
await accessible(guest, 'invitation');
await picture(guest, 'invitation', false);
await guest.locator('input[name=username]').fill('dragan');
for (const each of await guest.locator('input[type=password]').all()) await each.fill(password);
await guest.locator('button[type=submit]').click();
await guest.getByRole('button', { name: 'Sign in' }).click();
await signIn(guest, 'dragan');

// A second factor, from the picture's key to the recovery codes.
await go(guest, '/account');
await guest.getByRole('button', { name: 'Set it up' }).click();
await guest.waitForSelector('.enrol code');
check(await guest.locator('.enrol svg.qr path').count() === 1, 'the code for the app is drawn');
await accessible(guest, 'enrolment');
await picture(guest, 'second-factor');
const secret = (await guest.locator('.enrol code').innerText()).replace(/\s/g, '');
await guest.locator('.enrol input').fill(totp(secret));
await guest.locator('.enrol button[type=submit]').click();
await guest.waitForSelector('.codes li');
const codes = await guest.locator('.codes li').allInnerTexts();
check(codes.length >= 8 && new Set(codes).size === codes.length, 'recovery codes are shown');
await accessible(guest, 'recovery codes');
await guest.getByRole('button', { name: 'I have kept them' }).click();
await guest.waitForFunction(() => [...document.querySelectorAll('.badge')].some(each => each.textContent === 'On'));

// Out, and in again: the password alone no longer does; a recovery code does, once.
const signOut = async who => {
    await who.locator('.bar button[aria-haspopup]').click();
    await who.getByRole('menuitem', { name: 'Sign out' }).click();
    await who.waitForSelector('input[name=username]');
};
await signOut(guest);
await guest.locator('input[name=username]').fill('dragan');
await guest.locator('input[name=password]').fill(password);
await guest.locator('button[type=submit]').click();
await guest.waitForSelector('input[name=code]');
await guest.locator('input[name=code]').fill(codes[0]);
await guest.locator('button[type=submit]').click();
await guest.waitForSelector('.shell');
await settled(guest);

// Another session can be ended from here.
const other = await open(browser, { expected: [401] });
await other.goto(url + '/');
await other.waitForSelector('input[name=username]');
await other.locator('input[name=username]').fill('dragan');
await other.locator('input[name=password]').fill(password);
await other.locator('button[type=submit]').click();
await other.waitForSelector('input[name=code]');
await other.locator('input[name=code]').fill(codes[1]);
await other.locator('button[type=submit]').click();
await other.waitForSelector('.shell');
await go(guest, '/account');
await guest.getByRole('button', { name: 'End' }).first().click();
await guest.waitForFunction(() => [...document.querySelectorAll('.account .wide .danger')].length === 0);
await other.reload();
await other.waitForSelector('input[name=username]');
check(true, 'the ended session is out');

// Languages and themes are kept with the account.
await guest.locator('.account .select-button').first().click();
await guest.getByRole('option', { name: 'Serbian, Latin' }).click();
await guest.waitForFunction(() => document.documentElement.lang === 'sr-Latn');
check(/Vaš nalog/.test(await guest.locator('h1').innerText()), 'the page is in Serbian at once');
await guest.waitForTimeout(300);
check((await guest.evaluate(async () => (await (await fetch('/api/v1/session')).json()).language)) === 'sr-Latn', 'the server knows the language');

await browser.close();
finish();
