/** Colours have a contrast of 4.5 and more to what is behind them, in light and in dark. Those of lines are told apart by colour-blind eyes. */
export const pageStyle = `:root {
  color-scheme: light dark;
  --ink: light-dark(#1c1c1e, #f2f2f4);
  --quiet: light-dark(#55555c, #b4b4bc);
  --ground: light-dark(#ffffff, #17171a);
  --plate: light-dark(#f2f2f5, #232328);
  --line: light-dark(#75757d, #92929c);
  --grid: light-dark(#dcdce2, #38383f);
  --accent: light-dark(#0a55b8, #7ab4ff);
  --line-1: light-dark(#0072b2, #56b4e9);
  --line-2: light-dark(#b04a00, #e69f00);
  font: 1rem/1.5 system-ui, sans-serif;
}
body { margin: 0; background: var(--ground); color: var(--ink); }
main { max-width: 72rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.5rem; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 0.75rem; }
h3 { font-size: 1rem; margin: 0 0 0.5rem; }
p { margin: 0.5rem 0; }
.quiet { color: var(--quiet); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
button { font: inherit; color: var(--ink); background: var(--plate); border: 1px solid var(--line); border-radius: 0.5rem; padding: 0.4rem 0.9rem; margin: 0.25rem 0.5rem 0.25rem 0; }
button:disabled { color: var(--quiet); }
nav ul { list-style: none; padding: 0; margin: 0.75rem 0 0; display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; }
a { color: var(--accent); }
.charts, .cards { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(min(30rem, 100%), 1fr)); }
.cards { grid-template-columns: repeat(auto-fill, minmax(min(12rem, 100%), 1fr)); list-style: none; padding: 0; margin: 0; }
figure, .cards > li { margin: 0; background: var(--plate); border-radius: 0.75rem; padding: 1rem; min-width: 0; }
figcaption { font-weight: 600; margin-bottom: 0.5rem; }
.plot { min-height: 15rem; }
.scroll { overflow: auto; max-height: 26rem; }
details { margin-top: 0.5rem; }
summary { cursor: pointer; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--quiet); }
th, td { text-align: left; padding: 0.15rem 0.6rem 0.15rem 0; vertical-align: top; font-weight: normal; overflow-wrap: anywhere; }
thead th { font-weight: 600; white-space: nowrap; position: sticky; top: 0; background: var(--plate); }
td.number, th.number { text-align: right; white-space: nowrap; }
td.right { font-weight: 700; }
td.none { color: var(--quiet); }
img { max-width: 100%; }
.cards img { display: block; width: 100%; height: 9rem; object-fit: contain; image-rendering: pixelated; background: #e8e8e8; }
@media (min-width: 40rem) { .cards > .wide { grid-column: span 2; } }
.cards p { font-size: 0.875rem; overflow-wrap: anywhere; }
.sheet { min-width: min(100%, 30rem); image-rendering: pixelated; }
.paper { background: #ffffff; padding: 0.5rem; border-radius: 0.5rem; overflow: auto; max-height: 40rem; }
pre, code { font: 0.875rem/1.45 ui-monospace, monospace; }
pre { overflow: auto; max-height: 30rem; background: var(--plate); padding: 0.75rem; border-radius: 0.5rem; }
.u-legend { font-size: 0.875rem; color: var(--ink); text-align: left; }
.u-legend th { position: static; }
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
`
