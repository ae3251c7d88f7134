import { createHash } from 'node:crypto'
import { ownFile, readRegularFile } from '@convzoo/files'
import { html, raw } from 'hono/html'
import { licence } from './licence.js'
import type { PageData } from './page-data.js'
import { pageStyle } from './page-style.js'

/** A script or a style of the page is not larger. */
const mostBytes = 2 ** 20

interface PageFiles {
  readonly script: string
  readonly style: string
}

let files: Promise<PageFiles> | undefined

/** What the page brings along: its script, with the charts' library in it, and the style of both. */
async function readPageFiles(): Promise<PageFiles> {
  const [script = '', style = ''] = await Promise.all(
    ['report-script.js', 'report-script.css'].map(async (name) => {
      const path = ownFile(name, { packageName: '@convzoo/report', from: import.meta.url })
      const bytes = await readRegularFile(path, { mostBytes, expected: 'a part of the page of a run' })
      return bytes.toString('utf8').trim()
    }),
  )
  // Nothing in them may end the element that they stand in.
  return { script: `${licence}\n${script.replace(/<\/(?=script)/gi, '<\\/')}`, style: `${style}\n${pageStyle}` }
}

/** JSON that ends no element, whatever the names in it are. */
const embedded = (data: object): string =>
  JSON.stringify(data).replace(
    /[<>&\u2028\u2029]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`

/** A page, and what a browser may do for it. */
export interface Page {
  readonly html: string
  readonly policy: string
}

/**
 * The page of a run as one file that asks nobody for anything: only its own script runs, and only pictures within it are shown. Live, it asks
 * the server that it comes from.
 */
export async function pageOf(data: PageData, isLive = false): Promise<Page> {
  files ??= readPageFiles()
  const { script, style } = await files
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    'img-src data:',
    ...(isLive ? ["connect-src 'self'"] : []),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  const { title } = data.fixed
  const page = html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="referrer" content="no-referrer">
    <title>${title} · convzoo</title>
    <link rel="icon" href="data:,">
    <style>${raw(style)}</style>
  </head>
  <body>
    <main id="page"${isLive ? raw(' data-live') : ''}>
      <h1>${title}</h1>
      <noscript><p>This page needs JavaScript. The numbers that it shows are in metrics.jsonl beside it.</p></noscript>
    </main>
    <script type="application/json" id="data">${raw(embedded(data))}</script>
    <script type="module">${raw(script)}</script>
  </body>
</html>
`
  return { html: String(await page), policy }
}
