// Style and script of the report. No grid: WeasyPrint 57 prints the same page.
#pragma once

namespace threatlas::publish {

inline constexpr const char* kStyle = R"css(
:root { --ink: #1b2330; --muted: #6b7585; --ground: #f5f7fa; --rule: #e3e7ed; --accent: #1f5fbf; --judged: #a85c0c; --paper: #fff; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 14px/1.5 Inter, "Noto Sans", sans-serif; font-variant-numeric: tabular-nums; }
main { max-width: 1120px; margin: 0 auto; padding: 24px; }
h1 { font-size: 28px; line-height: 1.2; margin: 56px 0 12px; } h2 { font-size: 21px; margin: 32px 0 8px; } h3 { font-size: 16px; margin: 20px 0 6px; } h4 { font-size: 14px; margin: 0 0 4px; }
p { margin: 0 0 10px; max-width: 72ch; } .lead { font-size: 16px; } .note { color: var(--muted); font-size: 12px; }
.area { color: var(--accent); font-weight: 600; font-size: 12px; letter-spacing: .06em; text-transform: uppercase; margin: 0; }
.cover { padding: 64px 0 24px; } .title { font-size: 40px; font-weight: 700; line-height: 1.15; margin: 8px 0 16px; }
a { color: var(--accent); text-decoration: none; } a:hover { text-decoration: underline; } a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
a.ev { font-size: 11px; white-space: nowrap; } svg a.ev { font-size: inherit; }
figure { margin: 12px 0; } figure svg, .lens svg { max-width: 100%; height: auto; }
table { border-collapse: collapse; width: 100%; margin: 12px 0; font-size: 12px; } th { text-align: left; color: var(--muted); font-weight: 500; border-bottom: 1px solid var(--ink); padding: 4px 8px 4px 0; vertical-align: bottom; }
td { border-bottom: 1px solid var(--rule); padding: 4px 8px 4px 0; vertical-align: top; } tr:target { background: #fff3d6; }
.cards { display: flex; flex-wrap: wrap; margin: 12px -6px; } .card { background: var(--ground); border-radius: 8px; padding: 10px 14px; margin: 6px; flex: 1 1 130px; } .card span { display: block; color: var(--muted); font-size: 12px; } .card b { font-size: 16px; }
.lenses { display: flex; flex-wrap: wrap; margin: 8px -6px; } .lens { border: 1px solid var(--rule); border-radius: 8px; padding: 12px; margin: 6px; flex: 1 1 31%; min-width: 300px; max-width: calc(50% - 12px); }
.chart { font-size: 12px; color: var(--muted); margin: 8px 0 2px; } .value { font-size: 21px; font-weight: 600; } .judged { font-size: 12px; margin: 6px 0; } .tag { color: var(--judged); border: 1px solid currentColor; border-radius: 4px; padding: 0 4px; font-size: 10px; }
.contents ol { columns: 2; padding-left: 20px; } dialog { max-width: 900px; width: 92vw; border: 1px solid var(--rule); border-radius: 10px; padding: 24px; color: var(--ink); background: var(--paper); } dialog::backdrop { background: rgba(27,35,48,.4); }
@media (prefers-color-scheme: dark) { @media screen { :root { --ink: #e8ecf3; --muted: #9aa6b8; --ground: #1d2430; --rule: #2d3645; --accent: #7fb0ff; --paper: #12161d; --judged: #e4a35e; } figure, .lens { background: #f9fafc; color: #1b2330; border-radius: 8px; } .lens { --ink: #1b2330; --muted: #6b7585; --accent: #1f5fbf; } tr:target { background: #4a3d1a; } } }
@media print {
  body { font-size: 9.5pt; } main { padding: 0; max-width: none; } h1 { break-before: page; margin-top: 0; font-size: 19pt; string-set: section content(); } h2, h3, .area, .chart { break-after: avoid; } h2 { font-size: 14pt; }
  .cover { padding-top: 40mm; } .title { font-size: 30pt; } .threat { break-before: page; } .lens { break-inside: avoid; min-width: 0; width: 47%; flex: 0 1 47%; } tr, figure, .card { break-inside: avoid; } thead { display: table-header-group; } table { font-size: 8pt; } .annex { font-size: 6.5pt; }
  dialog, script { display: none; } a { color: inherit; } a.ev { font-size: 6.5pt; color: #6b7585; } .contents ol { columns: 1; } .contents a::after { content: leader(". ") target-counter(attr(href url), page); } .contents { break-before: page; }
}
@page { margin: 20mm 16mm 18mm; @top-left { content: string(section); font: 8pt Inter; color: #6b7585; } @bottom-right { content: "Page " counter(page) " of " counter(pages); font: 8pt Inter; color: #6b7585; } @bottom-left { content: "Threatlas"; font: 8pt Inter; color: #6b7585; } }
@page :first { @top-left { content: none; } @bottom-left { content: none; } @bottom-right { content: none; } }
)css";

inline constexpr const char* kScript = R"js(
(() => {
  const all = JSON.parse(document.getElementById('evidence').textContent), box = document.getElementById('open');
  const add = (parent, tag, text) => { const e = document.createElement(tag); if (text !== undefined) e.textContent = text; parent.append(e); return e; };
  const show = id => {
    const f = all[id]; if (!f) return false;
    box.replaceChildren(); add(box, 'h3', f.title); add(box, 'p', id + ' · ' + f.basis + ' · ' + (f.place || 'region') + ' · ' + f.handling).className = 'note';
    const list = add(box, 'table');
    for (const [name, text] of [['Value', f.value + ' ' + f.unit], ['Score', f.score], ['Formula', f.formula], ['Source', f.source + (f.public ? ' (already public)' : '')], ['Citation', f.citation], ['Mind', f.note]])
      if (text) { const r = add(list, 'tr'); add(r, 'th', name); add(r, 'td', text); }
    add(box, 'h4', f.count + ' source rows' + (f.count > f.rows.length ? ', first ' + f.rows.length : ''));
    const t = add(box, 'table'), h = add(add(t, 'thead'), 'tr');
    for (const x of ['File', 'Row', 'What', 'Place', 'Period', 'Value', 'Unit', 'More']) add(h, 'th', x);
    const b = add(t, 'tbody'); for (const r of f.rows) { const tr = add(b, 'tr'); for (const x of r) add(tr, 'td', String(x)); }
    const close = add(box, 'button', 'Close'); close.onclick = () => box.close(); box.showModal(); return true;
  };
  document.addEventListener('click', e => { const a = e.target.closest('[data-ev]'); if (a && show(a.dataset.ev)) e.preventDefault(); });
})();
)js";

}  // namespace threatlas::publish
