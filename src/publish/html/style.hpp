// Style and script of the report. No grid: WeasyPrint 57 prints the same page.
#pragma once

namespace threatlas::publish {

inline constexpr const char* kStyle = R"css(
:root { --ink: #1b2330; --muted: #5f6978; --ground: #f5f7fa; --rule: #e3e7ed; --accent: #1f5fbf; --judged: #a85c0c; --paper: #fff; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 14px/1.5 Inter, "Noto Sans", sans-serif; font-variant-numeric: tabular-nums; }
main { max-width: 860px; margin: 0 auto; padding: 24px 28px; }
h1 { font-size: 28px; line-height: 1.2; margin: 64px 0 12px; } h2 { font-size: 21px; line-height: 1.25; margin: 36px 0 8px; } h3 { font-size: 15px; margin: 22px 0 6px; } h4 { font-size: 14px; margin: 0 0 6px; }
p { margin: 0 0 10px; max-width: 76ch; } .lead { font-size: 16px; } .note { color: var(--muted); font-size: 12px; } .definition { color: var(--muted); }
.area { color: var(--accent); font-weight: 600; font-size: 12px; letter-spacing: .06em; text-transform: uppercase; margin: 0; } .area + h2 { margin-top: 2px; } .threat { margin-top: 56px; }
.cover { padding: 56px 0 8px; } .title { font-size: 40px; font-weight: 700; line-height: 1.12; margin: 8px 0 16px; max-width: 16em; } .edition { color: var(--muted); }
.glance { padding-left: 18px; max-width: 76ch; } .glance li { margin: 0 0 8px; }
a { color: var(--accent); text-decoration: none; } a:hover { text-decoration: underline; } a:focus-visible, button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
a.ev { font-size: 10.5px; white-space: nowrap; color: var(--muted); } svg a.ev { font-size: inherit; }
figure { margin: 10px 0; } svg { max-width: 100%; height: auto; display: block; }
table { border-collapse: collapse; width: 100%; margin: 12px 0; font-size: 12px; } th { text-align: left; color: var(--muted); font-weight: 500; border-bottom: 1px solid var(--ink); padding: 4px 10px 4px 0; vertical-align: bottom; }
td { border-bottom: 1px solid var(--rule); padding: 5px 10px 5px 0; vertical-align: top; } tr:target { background: #fff3d6; }
.figures td:nth-child(n+3) { white-space: nowrap; } .figures td:nth-child(n+3), .figures th:nth-child(n+3), .figures-last td:last-child, .figures-last th:last-child { text-align: right; }
.cards { margin: 12px -5px 4px; } .card { display: inline-block; vertical-align: top; background: var(--ground); border-radius: 8px; padding: 8px 14px; margin: 5px; min-width: 120px; } .card span { display: block; color: var(--muted); font-size: 12px; } .card b { font-size: 15px; } .card i { font-style: normal; font-size: 10.5px; color: var(--muted); overflow-wrap: anywhere; }
.lenses { margin: 8px -14px; } .lens { display: inline-block; vertical-align: top; width: 370px; max-width: 100%; padding: 10px 0 0; margin: 8px 14px 12px; border-top: 2px solid var(--ink); }
.finding { font-weight: 600; font-size: 13px; margin: 6px 0 0; } .chart { font-size: 12px; color: var(--muted); margin: 0 0 4px; line-height: 1.35; } .judged { font-size: 12px; margin: 6px 0; line-height: 1.4; } .tag { color: var(--judged); border: 1px solid currentColor; border-radius: 4px; padding: 0 4px; font-size: 10px; }
.multiples { margin: 8px -10px; } .multiple { display: inline-block; vertical-align: top; width: 244px; margin: 6px 10px 14px; } .multiple .chart { margin-top: 2px; } .id { white-space: nowrap; }
.annex p { font-size: 12px; max-width: none; margin: 0; padding: 3px 0; border-bottom: 1px solid var(--rule); } .annex p:target { background: #fff3d6; }
.contents ol { columns: 2; padding-left: 20px; } dialog { max-width: 900px; width: 92vw; border: 1px solid var(--rule); border-radius: 10px; padding: 24px; color: var(--ink); background: var(--paper); overflow-x: auto; } dialog::backdrop { background: rgba(27,35,48,.4); }
button { font: inherit; padding: 6px 14px; border: 1px solid var(--rule); border-radius: 6px; background: var(--ground); color: var(--ink); cursor: pointer; }
@media (prefers-color-scheme: dark) { @media screen { :root { --ink: #e8ecf3; --muted: #a3aebf; --ground: #1d2430; --rule: #2d3645; --accent: #7fb0ff; --paper: #12161d; --judged: #e4a35e; } svg { background: #fbfcfd; border-radius: 8px; } tr:target, .annex p:target { background: #4a3d1a; } } }
@media screen and (max-width: 640px) { main { padding: 12px 14px; } table { display: block; overflow-x: auto; } figure { overflow-x: auto; } .title { font-size: 30px; overflow-wrap: anywhere; } .lenses { margin: 8px 0; } .lens { margin: 8px 0 12px; width: 100%; } .contents ol { columns: 1; } .annex p { overflow-wrap: anywhere; } .figures td:nth-child(2) { min-width: 150px; } figure svg { min-width: 620px; } .mapped figure svg { min-width: 0; } }
@media print {
  body { font-size: 9.5pt; line-height: 1.4; } main { padding: 0; max-width: none; } p { max-width: none; orphans: 3; widows: 3; }
  h1 { break-before: page; margin-top: 0; font-size: 20pt; string-set: section content(); } h1.flow { break-before: auto; margin-top: 28pt; } h2 { font-size: 14pt; margin-top: 16pt; } h3 { font-size: 11pt; margin: 10pt 0 3pt; } h4 { font-size: 10pt; }
  h1, h2, h3, h4, .area, .chart, .finding { break-after: avoid; } .lead { font-size: 11pt; } .note { font-size: 8pt; }
  .cover { padding-top: 24mm; } .title { font-size: 30pt; } .cover h2 { margin-top: 14mm; } .contents { break-before: page; } .contents ol { columns: 1; } .contents a::after { content: leader(". ") target-counter(attr(href url), page); }
  .threat, .sheet { break-before: page; margin-top: 0; } .together, .mapped, .lens, tr, figure, .card { break-inside: avoid; }
  .cards { margin: 2pt -3pt; } .card { margin: 3pt; padding: 4pt 8pt; min-width: 0; } .card span { font-size: 7.5pt; } .card b { font-size: 10pt; } .card i { font-size: 6.5pt; } .sheet figure svg { max-height: 90mm; margin: 0 auto; } .mapped h3 { margin-top: 4pt; } .mapped .note { margin: 0; } .mapped svg { max-height: 52mm; margin: 0 auto; } .ranked td:nth-child(2) { white-space: nowrap; } .ranked td:last-child { font-size: 6pt; color: #5f6978; }
  .threat p { margin-bottom: 2pt; } .threat .lead { font-size: 10pt; } .threat h3 { margin: 2pt 0 1pt; } .threat .together svg { max-height: 39mm; } .threat .lens .note { margin: 0; line-height: 1.2; } .lenses { margin: 2pt 0; } .lens { width: 48.4%; font-size: 9pt; padding: 2pt 0 0; margin: 2pt 0 2pt; border-top-width: 1pt; } .lens:nth-child(odd) { margin-right: 3%; } .landscape .lens { width: 31.8%; margin-right: 0; } .landscape .lens:nth-child(3n+2) { margin-left: 2.2%; margin-right: 2.2%; }
  .multiples { margin: 4pt 0; } .multiple { width: 31.5%; margin: 3pt 1% 6pt 0; break-inside: avoid; } .multiple .finding { font-size: 8pt; } .multiple .chart { font-size: 7pt; }
  .finding { font-size: 9pt; margin-top: 3pt; } .chart, .judged { font-size: 8pt; } .tag { font-size: 7pt; } figure { margin: 4pt 0; } svg { max-height: 225mm; } .landscape svg { max-height: 150mm; margin: 0 auto; } .landscape .lens svg { margin: 0; } .pair { display: inline-block; vertical-align: top; width: 48%; margin-right: 1.5%; break-inside: avoid; } .landscape .cover { padding-top: 0; } .landscape .cover h2 { margin-top: 3mm; } .landscape .title { font-size: 24pt; max-width: none; } .landscape .glance li { margin-bottom: 2pt; } .landscape .contents ol { columns: 2; column-gap: 36pt; } .landscape .contents h2 { margin-top: 0; } .landscape .signature svg { max-height: 128mm; } .landscape h1.flow { margin-top: 10pt; } .landscape .sheet svg { max-height: 135mm; }
  thead { display: table-header-group; } table { font-size: 8pt; margin: 6pt 0; } td { padding: 2.5pt 6pt 2.5pt 0; } .sheet td { padding: 1.8pt 6pt 1.8pt 0; } .annex p { font-size: 6.5pt; line-height: 1.3; padding: 1pt 0; }
  dialog, script { display: none; } a { color: inherit; } a.ev { font-size: 6.5pt; color: #5f6978; }
}
@page { margin: 15mm 16mm 12mm; @top-left { content: string(section); font: 8pt Inter; color: #5f6978; } @bottom-right { content: "Page " counter(page) " of " counter(pages); font: 8pt Inter; color: #5f6978; } @bottom-left { content: "Threatlas"; font: 8pt Inter; color: #5f6978; } }
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
    for (const [name, text] of [['Value', f.value], ['Score', f.score], ['Formula', f.formula], ['Source', f.source], ['Citation', f.citation], ['Mind', f.note]])
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
