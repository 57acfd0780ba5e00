/** Light and dark by the reader's own setting; on paper, black on white with everything unfolded that was unfolded. */
export const style = `
:root { color-scheme: light dark; --page: #ffffff; --text: #1b1e23; --quiet: #59616d; --line: #d5d9e0; --ground: #eef0f4;
  --band: #bfe3c6; --healthy: #1c7a3a; --suspicious: #8a5a00; --bad: #b3261e; --unknown: #59616d; }
@media (prefers-color-scheme: dark) { :root { --page: #15181c; --text: #e6e9ee; --quiet: #a2abb8; --line: #373d46;
  --ground: #22272e; --band: #234a2e; --healthy: #5fc47c; --suspicious: #e0aa4a; --bad: #f2857d; --unknown: #a2abb8; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, 'Noto Sans KR', sans-serif; }
main { max-width: 72rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2rem; } h3 { font-size: 1rem; margin-top: 1.5rem; }
code, pre { font-family: ui-monospace, 'Cascadia Mono', Menlo, monospace; font-size: 0.9em; }
.nodes code { overflow-wrap: anywhere; } .results code, th { white-space: nowrap; }
th, td { word-break: keep-all; }
pre { background: var(--ground); padding: 0.75rem; overflow: auto; border-radius: 4px; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
caption { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
th, td { border-bottom: 1px solid var(--line); padding: 0.3rem 0.6rem; text-align: left; vertical-align: top; }
thead th, tbody th { color: var(--quiet); font-weight: 600; }
figure { margin: 1rem 0; } figcaption, summary { color: var(--quiet); }
.bars { list-style: none; padding: 0; display: grid; gap: 0.4rem; }
.bars li { display: grid; grid-template-columns: 18rem minmax(8rem, 1fr) 12rem; gap: 0.75rem; align-items: center; }
svg { width: 100%; height: auto; display: block; }
.ground { fill: var(--ground); } .band { fill: var(--band); } .healthy { fill: var(--healthy); }
.suspicious { fill: var(--suspicious); } .bad { fill: var(--bad); } .unknown { fill: var(--unknown); }
:focus-visible { outline: 2px solid var(--text); outline-offset: 2px; }
@media (max-width: 45rem) { .bars li { grid-template-columns: 1fr; } }
@media print { :root { color-scheme: light; --page: #ffffff; --text: #000000; --quiet: #333333; --line: #999999;
  --ground: #f2f2f2; --band: #cccccc; --healthy: #222222; --suspicious: #555555; --bad: #000000; --unknown: #777777; }
  main { max-width: none; padding: 0; } .wide, pre { overflow: visible; } pre { white-space: pre-wrap; }
  tr, figure, li { break-inside: avoid; } h2, h3 { break-after: avoid; } }
`;
