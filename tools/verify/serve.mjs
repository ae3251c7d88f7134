// `convzoo serve` as its users meet it: its page in a real Chromium, where photographs are dropped and chosen, beside what `convzoo predict` says of
// the same files; by keyboard, on a narrow screen, in light and dark, with nothing loaded from elsewhere. Then more than two hundred hostile
// requests to the same process, which has to answer as before, write nothing to stderr, keep its memory, and end with 0.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import { builtCli } from '../build.mjs'
import { chromiumOptions, missingChromium } from '../chromium.mjs'
import { completed } from '../completed.mjs'
import { contrastsOf } from '../contrasts.mjs'
import { photographs, smallTraining } from '../hostile/tiny-run.mjs'

export const missing = missingChromium

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** Between probabilities of one batch and another. */
const tolerance = 1e-5
/** Of text to what is behind it, as WCAG 2 asks of AA. */
const leastContrast = 4.5
/** Megabytes that hostile requests may leave behind at the most. */
const mostGrowth = 300

function require(holds, what) {
  if (!holds) throw new Error(what)
}

/** The command, and what it wrote so far. */
async function served(folder, run) {
  const parameters = [builtCli(), 'serve', run, '--port', '0', '--timeout', '2']
  const child = spawn(process.execPath, parameters, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  let stderr = ''
  child.stderr.on('data', (text) => {
    stderr += text
  })
  const ended = new Promise((resolve) => child.on('close', (code, signal) => resolve(code ?? signal)))
  for await (const line of createInterface(child.stdout)) {
    return { url: / (http:\S+)$/.exec(line)[1], child, ended, stderr: () => stderr }
  }
  throw new Error(`The server ended: ${stderr}`)
}

/** Drops files on the page, as a person would. */
async function drop(page, files) {
  const contents = files.map((path) => ({ name: basename(path), base64: readFileSync(path).toString('base64') }))
  await page.evaluate((each) => {
    const data = new DataTransfer()
    for (const { name, base64 } of each) {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
      data.items.add(new File([bytes], name))
    }
    for (const type of ['dragover', 'drop']) {
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }))
    }
  }, contents)
}

const answered = (page, count) =>
  page
    .getByRole('status')
    .filter({ hasText: `${count} ${count === 1 ? 'photograph' : 'photographs'} answered.` })
    .waitFor()

/** What the page shows of a file: classes with what is written beside them, and the numbers behind that. */
async function shownOf(page, name) {
  const rows = page.getByRole('table', { name: `Classes of ${name}`, exact: true }).getByRole('row')
  return rows.evaluateAll((each) =>
    each.map((row) => {
      const [label, , value] = row.children
      return { class: label.textContent, text: value.textContent, probability: Number(value.dataset.probability) }
    }),
  )
}

function requireSame(name, shown, predicted) {
  require(shown.length === predicted.length, `${name}: ${shown.length} classes instead of ${predicted.length}`)
  for (const [place, { class: label, probability }] of predicted.entries()) {
    const { class: shownLabel, text, probability: shownProbability } = shown[place]
    require(shownLabel === label, `${name}: ${shownLabel} instead of ${label}`)
    require(Math.abs(shownProbability - probability) <= tolerance, `${name}: ${shownProbability} beside ${probability}`)
    require(text === `${(100 * shownProbability).toFixed(2)} %`, `${name}: ${text} for ${shownProbability}`)
  }
}

/** Texts of the page that have to be readable. */
const texts = [
  'h1',
  'main > p',
  'label',
  '#kinds',
  '#status',
  '#results h3',
  '#results th',
  '#results td',
  '#results .wrong',
]

async function requireReadable(page) {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme })
    for (const { selector, contrast } of await contrastsOf(page, texts)) {
      require(contrast >= leastContrast, `${selector} has a contrast of ${contrast.toFixed(2)} in ${colorScheme}`)
    }
  }
  await page.setViewportSize({ width: 320, height: 600 })
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  require(overflow <= 0, `the page is ${overflow} pixels wider than a narrow screen`)
}

/** Photographs by drop, by keyboard and by choice. */
async function onThePage(browser, { url }, files, predictions, broken) {
  const page = await browser.newPage()
  const [elsewhere, complaints] = [[], []]
  page.on('request', (request) => {
    if (!request.url().startsWith(url) && !/^(?:blob|data):/.test(request.url())) elsewhere.push(request.url())
  })
  page.on('console', (message) => {
    // The browser itself says of an answer of 415 that it is one.
    if (message.type() === 'error' && !message.text().includes('415')) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.goto(url)
  await drop(page, files)
  await answered(page, files.length)
  for (const { image, top } of predictions) requireSame(image, await shownOf(page, basename(image)), top)
  console.log(`${files.length} photographs were dropped: the page shows what convzoo predict writes`)

  await page.keyboard.press('Tab')
  const focused = await page.evaluate(() => document.activeElement?.id)
  require(focused === 'files', `the first thing that Tab reaches is ${focused}`)
  await page.getByLabel('Drop photographs anywhere on this page, or choose them:').setInputFiles([broken])
  await answered(page, files.length + 1)
  const refused = await page.locator('#results .wrong').textContent()
  require(refused.includes('cannot be predicted'), `of a broken file the page says ${refused}`)
  await requireReadable(page)
  require(elsewhere.length === 0, `the page asked ${elsewhere.join(', ')}`)
  require(complaints.length === 0, `the page complains: ${complaints.join('; ')}`)
  console.log('by keyboard, on a narrow screen, in light and dark: all can be read, and nothing comes from elsewhere')
  await page.close()
}

/** The hostile requests of the package's own tests. */
async function hostileRequests(folder, whole) {
  const { build } = createRequire(join(root, 'apps/cli/package.json'))('esbuild')
  const names = ['hostile-pictures', 'hostile-forms', 'hostile-requests', 'talk']
  const entryPoints = names.map((name) => join(root, 'packages/serve/src/testing', `${name}.ts`))
  await build({
    entryPoints,
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
  })
  const [pictures, forms, requests, { head, talk }] = await Promise.all(
    names.map((name) => import(pathToFileURL(join(folder, `${name}.mjs`)).href)),
  )
  const sized = (body, more) => [head({ 'Content-Length': body.length, ...more }), body]
  const sent = [
    ...pictures.hostilePictures(whole).map(([name, body]) => [name, sized(body)]),
    ...forms.hostileForms(whole).map(([name, type, body]) => [name, sized(body, { 'Content-Type': type })]),
    ...requests.hostileRequests(whole),
    ...requests.slowRequests(whole),
  ]
  return { sent, talk }
}

/** Megabytes that a process has in memory. */
const memoryOf = ({ pid }) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1000

async function amongEnemies(folder, { url, child, stderr }, whole) {
  const ask = async () => {
    const response = await fetch(`${url}predict`, { method: 'POST', body: whole })
    return `${response.status} ${await response.text()}`
  }
  const { sent, talk } = await hostileRequests(folder, whole)
  const wanted = await ask()
  const before = memoryOf(child)
  for (const [name, parts, pause] of sent) {
    const answer = await talk(url, parts, { seconds: 30, pause })
    require(!/\n {4}at |node_modules|HTTP\/1\.1 500/.test(answer), `${name}: ${answer.slice(0, 300)}`)
    require((await ask()) === wanted, `after ${name} the answer is another one`)
  }
  const grown = memoryOf(child) - before
  require(stderr() === '', `stderr says ${stderr()}`)
  require(grown < mostGrowth, `${grown.toFixed(0)} MB were left behind`)
  console.log(
    `${sent.length} hostile requests: none answered with a stack, stderr empty, ${grown.toFixed(0)} MB more in memory`,
  )
}

export async function run() {
  const options = chromiumOptions()
  const folder = mkdtempSync(join(tmpdir(), 'convzoo-verify-serve-'))
  const convzoo = (...parameters) => completed(process.execPath, [builtCli(), ...parameters], { cwd: folder })
  const browser = await chromium.launch(options)
  try {
    console.log(`Chromium ${browser.version()}`)
    const data = await photographs(join(folder, 'fruit'))
    const trained = join(folder, 'run')
    convzoo(...smallTraining(data, trained, 2))
    const names = ['apple', 'berry']
    const files = names.flatMap((name) => [0, 1, 2, 3, 4].map((at) => join(data, name, `${at}.jpg`)))
    // Files of the same name would be told apart by their places alone.
    const own = files.map((path, at) => {
      const copy = join(folder, `photograph-${at}.jpg`)
      writeFileSync(copy, readFileSync(path))
      return copy
    })
    const broken = join(folder, 'broken.jpg')
    writeFileSync(broken, 'This is no photograph.')
    const predictions = JSON.parse(convzoo('predict', trained, ...own, '--json'))
    const server = await served(folder, trained)
    try {
      await onThePage(browser, server, own, predictions, broken)
      await amongEnemies(folder, server, readFileSync(own[0]))
    } finally {
      server.child.kill()
    }
    const code = await server.ended
    require(code === 0, `it ended with ${code} when it was told to`)
  } finally {
    await browser.close()
    rmSync(folder, { recursive: true, force: true, maxRetries: 9 })
  }
}
