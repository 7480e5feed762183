// The size budget of the first view: every script that the page needs before the map, compressed as the server sends it.
// Fails the build when it is exceeded.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const kBudget = 300_000;
const dist = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'));

function scripts(key, seen = new Set()) {
    const entry = manifest[key];
    if (entry === undefined || seen.has(key)) return seen;
    seen.add(key);
    for (const each of entry.imports ?? []) scripts(each, seen);
    return seen;
}

const first = scripts('index.html');
for (const page of ['src/pages/overview/index.tsx', 'src/i18n/sr/index.ts']) scripts(page, first);
let total = 0;
const lines = [];
for (const key of first) {
    const { file } = manifest[key];
    if (!file.endsWith('.js')) continue;
    const bytes = gzipSync(readFileSync(new URL(file, dist)), { level: 6 }).length;
    total += bytes;
    lines.push(`  ${String(bytes).padStart(7)}  ${file}`);
}
console.log(`first view: ${total} bytes of script, compressed (budget ${kBudget})`);
if (process.env.THREATLAS_WEB_SIZES) console.log(lines.join('\n'));
if (total > kBudget) {
    console.error(`web/dev/budget.mjs: over budget by ${total - kBudget} bytes\n${lines.join('\n')}`);
    process.exit(1);
}
