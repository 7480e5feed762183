// What browser tests share: Chromium, signing in, one list of failures, axe.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const require = createRequire(new URL('../../web/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

export const url = process.env.THREATLAS_URL, password = process.env.THREATLAS_PASSWORD, shots = process.env.THREATLAS_SHOTS;
export const people = Object.fromEntries((process.env.THREATLAS_PEOPLE ?? '').split(' ').filter(Boolean).map(each => each.split('=')));
const failures = [];
let checks = 0;

export function check(right, what) {
    ++checks;
    if (!right) {
        failures.push(what);
        console.error('FAILED: ' + what);
    }
}

export async function browse() {
    return chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
}

// A page of its own, whose console errors and requests elsewhere are failures. expected: statuses a test provokes.
export async function open(browser, { width = 1440, height = 900, theme = 'light', language = 'en', expected = [] } = {}) {
    const context = await browser.newContext({ viewport: { width, height }, reducedMotion: 'reduce', locale: 'en-GB', bypassCSP: false });
    await context.addInitScript(([t, l]) => { localStorage.setItem('threatlas.theme', t); localStorage.setItem('threatlas.language', l); }, [theme, language]);
    const page = await context.newPage();
    page.on('console', message => { if (message.type() === 'error' && !expected.some(status => message.text().includes(`status of ${status}`))) check(false, `console: ${message.text()} at ${page.url()}`); });
    page.on('pageerror', error => check(false, `error on ${page.url()}: ${error.message}`));
    page.on('request', request => { if (!request.url().startsWith(url) && !/^(data|blob):/.test(request.url())) check(false, `request elsewhere: ${request.url()}`); });
    return page;
}

export async function settled(page) {
    await page.waitForFunction(() => document.querySelectorAll('.skeleton').length === 0 && document.querySelector('h1') !== null, undefined, { timeout: 20_000 });
    await page.evaluate(() => document.fonts.ready);
    await page.waitForTimeout(150);
}

export async function signIn(page, name, to = '/') {
    await page.goto(url + to);
    await page.locator('input[name=username]').fill(name);
    await page.locator('input[name=password]').fill(password);
    await page.locator('button[type=submit]').click();
    await page.waitForSelector('.shell');
    await settled(page);
}

export async function go(page, path) {
    await page.goto(url + path);
    await settled(page);
}

// WCAG 2.2 AA by axe-core. Evaluated, not injected: the policy lets no script in.
export async function accessible(page, where) {
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
    for (const each of violations) check(false, `axe ${where}: ${each.id} (${each.impact}), ${each.nodes.length}: ${each.nodes.slice(0, 3).map(n => n.target.join(' ') + ' ' + (n.any[0]?.message ?? n.all[0]?.message ?? '')).join(' | ')}`);
    check(violations.length === 0, `axe finds nothing on ${where}`);
}

// Nothing wider than the window.
export async function fits(page, where) {
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    check(over <= 0, `${where} is ${over} pixels wider than the window`);
}

export const picture = (page, name, fullPage = true) => page.screenshot({ path: `${shots}/${name}.png`, fullPage });

export function finish() {
    console.log(`${checks} checks, ${failures.length} failed`);
    process.exit(failures.length > 0 || checks === 0 ? 1 : 0);
}
