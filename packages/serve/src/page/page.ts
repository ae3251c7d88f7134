import { html } from 'hono/html'
import type { ServedNetwork } from '../network/served-network.js'

/** The page on which photographs are dropped: all of it comes from this server. */
export const pageOf = ({
  id,
  classes,
  imageShape,
}: Pick<ServedNetwork, 'id' | 'classes' | 'imageShape'>) => html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>${id} · convzoo</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/page.css">
    <script type="module" src="/page.js"></script>
  </head>
  <body>
    <main>
      <h1>${id}</h1>
      <p>Tells ${classes.length} classes apart, in pictures of ${imageShape[1]}×${imageShape[0]} pixels that it makes of yours. They are sent to this server alone, which keeps none.</p>
      <div class="drop" id="drop">
        <label for="files">Drop photographs anywhere on this page, or choose them:</label>
        <input type="file" id="files" accept="image/*" multiple aria-describedby="kinds">
        <p id="kinds">JPEG, PNG, WebP, GIF, TIFF or AVIF</p>
      </div>
      <p id="status" role="status"></p>
      <h2 id="results-title" hidden>What they are taken for</h2>
      <ul id="results" aria-labelledby="results-title"></ul>
      <noscript><p>This page needs JavaScript; without it, <code>POST /predict</code> answers.</p></noscript>
    </main>
  </body>
</html>
`

/** Colours have a contrast of 4.5 and more to what is behind them, in light and in dark. */
export const pageStyle = `:root {
  color-scheme: light dark;
  --ink: light-dark(#1c1c1e, #f2f2f4);
  --quiet: light-dark(#55555c, #b4b4bc);
  --ground: light-dark(#ffffff, #17171a);
  --plate: light-dark(#f2f2f5, #232328);
  --line: light-dark(#75757d, #92929c);
  --accent: light-dark(#0a55b8, #7ab4ff);
  --wrong: light-dark(#a4161a, #ff9b94);
  font: 1rem/1.5 system-ui, sans-serif;
}
body { margin: 0; background: var(--ground); color: var(--ink); }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.5rem; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.125rem; }
p { color: var(--quiet); margin: 0.5rem 0; }
.drop { margin-top: 1.5rem; padding: 2rem 1rem; border: 2px dashed var(--line); border-radius: 0.75rem; background: var(--plate); text-align: center; }
body.over .drop { border-color: var(--accent); border-style: solid; }
.drop label { display: block; margin-bottom: 0.75rem; }
.drop p { font-size: 0.875rem; }
input, button { font: inherit; max-width: 100%; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
#results { list-style: none; margin: 0; padding: 0; display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(min(17rem, 100%), 1fr)); }
#results > li { background: var(--plate); border-radius: 0.75rem; padding: 1rem; min-width: 0; }
#results img { display: block; width: 100%; height: 10rem; object-fit: contain; }
#results h3 { font-size: 1rem; margin: 0.5rem 0; overflow-wrap: anywhere; }
#results .wrong { color: var(--wrong); overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; }
th { text-align: left; font-weight: normal; overflow-wrap: anywhere; }
tr:first-child th, tr:first-child td { font-weight: 600; }
td { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; padding-left: 0.5rem; }
td.bar { width: 30%; }
meter { width: 100%; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
`
