// A server for working on pages without the real one: the same shapes, from an assessment.json.
//   node dev/mock.mjs --assessment ../var/demo/assessment.json [--catalogue ../catalogue/see] [--port 8090]
// Needs PyYAML's python3 to read the catalogue (as the tests do). Whoever signs in is a director, with any password.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { assessment: { type: 'string' }, catalogue: { type: 'string', default: new URL('../../catalogue/see', import.meta.url).pathname }, port: { type: 'string', default: '8090' }, signed: { type: 'boolean', default: true } } });
const a = JSON.parse(readFileSync(values.assessment, 'utf8'));
const region = JSON.parse(execFileSync('python3', ['-c', 'import sys,json,yaml,glob,os\nprint(json.dumps({os.path.basename(p)[:-5]: yaml.safe_load(open(p)) for p in glob.glob(sys.argv[1]+"/*.yaml")}))', values.catalogue], { maxBuffer: 1 << 28 }));
const map = readFileSync(values.catalogue + '/map.geojson');

const row = index => Object.fromEntries(a.rows.fields.map((name, i) => { const at = a.rows.table[index][i], v = a.rows.texts[at] ?? ''; return [name, name === 'row' ? at : ['value', 'upper'].includes(name) ? (typeof at === 'number' ? at : null) : v]; }));
const figure = (f, rows) => { const { rows: at, ...rest } = f; return { ...rest, row_count: at.length, rows_hidden: 0, ...(rows ? { rows: at.map(row) } : {}) }; };
const page = items => ({ items, total: items.length });
const head = { id: a.id, manifest: a.manifest, profiles: a.profiles, diagnostics: a.diagnostics, skill: a.skill, threats: a.ranking.length, figures: a.figures.length, arising: a.arising };
const session = { account: 'p1', name: 'Mira Petrović', organisation: 'rs_mup', role: 'director', clearance: 'TLP:AMBER', csrf: 'mock', purposes: ['management'], language: 'en' };
const signals = a.arising.signals.map(each => ({ ...each.signal, state: 'new', opened: each.signal.as_of, last: each.last, outcome: '' }));
let signed = values.signed;

function answer(path, method, body) {
    if (path === '/session' && method === 'POST' && body.password?.startsWith('not ')) return { status: 401 };
    if (path === '/session') { if (method === 'POST') signed = true; if (method === 'DELETE') signed = false; return signed ? session : { status: 401 }; }
    if (path === '/oidc') return { enabled: true, name: 'Ministry' };
    if (!signed) return { status: 401 };
    if (path === '/region') return region;
    if (path === '/assessments') return page([{ id: a.id, created_for: a.manifest.created_for, as_of: a.manifest.as_of, content_hash: '', handling: 'TLP:CLEAR' }]);
    if (path === '/decisions') return page([]);
    if (path === '/signals') return page(signals);
    if (path === '/signals/quality') return { signals: signals.length };
    if (path === '/sessions') return page([{ id: 's1', current: true, created: new Date().toISOString(), address: '127.0.0.1' }]);
    const one = path.match(/^\/signals\/(.+)$/);
    if (one) return signals.find(s => s.id === one[1]) ?? { status: 404 };
    const sub = path.match(/^\/assessments\/[^/]+(?:\/(\w+)(?:\/(.+))?)?$/);
    if (!sub) return { status: 404 };
    const [, list, id] = sub;
    if (!list) return head;
    if (list === 'threats' && id) {
        const threat = a.ranking.find(t => t.threat === id);
        return threat ? { assessment: a.id, of: a.ranking.length, threat, figures: a.figures.filter(f => f.threat === id).map(f => figure(f, false)), outlooks: a.outlooks.filter(o => o.threat === id), signals: a.arising.signals.filter(s => s.signal.threats.includes(id)), gaps: a.gaps.filter(g => g.threat === id), members: a.members.map(m => ({ ...m.ranking.find(t => t.threat === id), member: m.member })) } : { status: 404 };
    }
    if (list === 'figures' && id) { const found = a.figures.find(f => f.id === id); return found ? figure(found, true) : { status: 404 }; }
    return { threats: page(a.ranking), members: page(a.members), gaps: page(a.gaps), outlooks: page(a.outlooks), assumptions: page(a.assumptions), figures: page(a.figures.map(f => figure(f, false))) }[list] ?? { status: 404 };
}

createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://x').pathname).replace(/^\/api\/v1/, '');
    if (path === '/region/map') return response.writeHead(200, { 'Content-Type': 'application/geo+json' }).end(map);
    if (path === '/events') return response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write(': open\n\n');
    let sent = '';
    for await (const piece of request) sent += piece;
    const body = answer(path, request.method, sent.startsWith('{') ? JSON.parse(sent) : {}), status = typeof body.status === 'number' ? body.status : 200;
    response.writeHead(status, { 'Content-Type': status === 200 ? 'application/json' : 'application/problem+json', 'Cache-Control': 'no-cache' });
    response.end(JSON.stringify(status === 200 ? body : { status, code: status === 401 ? 'not_allowed' : 'not_found', detail: '' }));
}).listen(Number(values.port), '127.0.0.1', () => console.log(`mock at http://127.0.0.1:${values.port}/api/v1`));
