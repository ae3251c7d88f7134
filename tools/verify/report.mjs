// The page of a run as its readers meet it, in a real Chromium: the file that `convzoo train` leaves behind, beside metrics.jsonl, by keyboard, on a
// narrow screen, in light and dark, with nothing loaded from anywhere; then live, beside a training that it stops, and a run of ten thousand steps.
// `pnpm verify:report --screenshots` writes docs/report.png and docs/report-dark.png anew.
import { spawn } from 'node:child_process'
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
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

/** Of text to what is behind it, as WCAG 2 asks of AA. */
const leastContrast = 4.5
/** Steps of a long run, and milliseconds that its page may be busy with what is new. */
const manySteps = 10_000
const mostBusy = 200

function require(holds, what) {
  if (!holds) throw new Error(what)
}

const recordsOf = (run) =>
  readFileSync(join(run, 'metrics.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

/** A page, and what it asked for and complained of. */
async function watched(browser) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
  const [asked, complaints] = [[], []]
  page.on('request', (each) => asked.push(each.url()))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  return { page, asked, complaints }
}

/** The numbers beside a chart, opened by keyboard, as they are shown. */
async function numbersOf(page, id) {
  const figure = page.locator(`#chart-${id}`)
  await figure.locator('summary').focus()
  await page.keyboard.press('Enter')
  // They are made when they are opened.
  await figure.locator('details tbody tr').first().waitFor()
  return figure
    .locator('details tbody tr')
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)))
}

async function requireValues(page, run) {
  const steps = recordsOf(run).filter(({ type }) => type === 'step')
  const shown = new Map((await numbersOf(page, 'loss')).map(([step, loss]) => [Number(step), loss]))
  for (const { step, loss } of steps) {
    const text = Number.isInteger(loss) ? String(loss) : loss.toPrecision(6)
    require(shown.get(step + 1) === text, `step ${step + 1}: ${shown.get(step + 1)} is shown, ${text} was recorded`)
  }
  const epochs = recordsOf(run).filter(({ type }) => type === 'epoch')
  const accuracies = await numbersOf(page, 'accuracy')
  for (const [at, { training, validation }] of epochs.entries()) {
    const wanted = [training, validation].map(({ top1 }) => `${(100 * top1).toFixed(2)} %`)
    require(accuracies[at].slice(1).join() === wanted.join(), `epoch ${at + 1}: ${accuracies[at]} beside ${wanted}`)
  }
  console.log(`${steps.length} steps and ${epochs.length} epochs are shown as metrics.jsonl has them`)
}

/** Texts of the page that have to be readable. */
const texts = ['h1', '#state', 'figcaption', 'summary', '.u-legend', 'caption', '#classes td', 'pre']

async function requireReadable(page) {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme })
    for (const { selector, contrast } of await contrastsOf(page, texts)) {
      require(contrast >= leastContrast, `${selector} has a contrast of ${contrast.toFixed(2)} in ${colorScheme}`)
    }
    if (process.argv.includes('--screenshots')) {
      await page.waitForTimeout(500)
      await page.screenshot({ path: join(root, `docs/report${colorScheme === 'dark' ? '-dark' : ''}.png`) })
    }
  }
  for (const label of await page
    .locator('.plot')
    .evaluateAll((all) => all.map((each) => each.getAttribute('aria-label')))) {
    require(/ over \d+ (?:steps|epochs): .*last /.test(label), `a chart says of itself: ${label}`)
  }
  await page.setViewportSize({ width: 320, height: 600 })
  await page.waitForTimeout(300)
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  require(overflow <= 0, `the page is ${overflow} pixels wider than a narrow screen`)
}

async function asAFile(browser, run) {
  const { page, asked, complaints } = await watched(browser)
  const address = pathToFileURL(join(run, 'report.html')).href
  await page.goto(address)
  await requireValues(page, run)
  await requireReadable(page)
  const others = asked.filter((url) => url !== address && !url.startsWith('data:'))
  require(others.length === 0, `the page asked ${others.join(', ')}`)
  require(complaints.length === 0, `the page complains: ${complaints.join('; ')}`)
  console.log('by keyboard, on a narrow screen, in light and dark: all can be read, and nothing is asked for')
  await page.close()
}

/** A command that runs until it is told to end, and the address that it wrote. */
async function started(folder, ...parameters) {
  const child = spawn(process.execPath, [builtCli(), ...parameters], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise((resolve) => child.on('close', (code, signal) => resolve(code ?? signal)))
  for await (const line of createInterface(child.stdout)) {
    const [url] = /http:\S+$/.exec(line) ?? []
    if (url === undefined) continue
    child.stdout.resume()
    return { url, child, ended }
  }
  throw new Error(`It ended with ${await ended} and gave no address.`)
}

/** The status of a request with a Host of its own. */
const statusOf = (url, headers) =>
  new Promise((resolve, reject) => {
    request(url, { headers, agent: false }, (response) => resolve(response.resume().statusCode))
      .on('error', reject)
      .end()
  })

async function requireRefused(url) {
  const { origin, host, port, search } = new URL(url)
  for (const [address, headers] of [
    [`${origin}/`, { host }],
    [`${origin}/?token=none`, { host }],
    [`${origin}/events`, { host }],
    [`${origin}/${search}`, { host: `example.org:${port}` }],
    [`${origin}/${search}`, { host, origin: 'http://example.org' }],
  ]) {
    const status = await statusOf(address, headers)
    require(status === 403, `${address} with ${JSON.stringify(headers)} is answered with ${status}`)
  }
  console.log('without the token, by another name and from another page: refused')
}

async function live(browser, folder, data) {
  const run = join(folder, 'live')
  const trainer = await started(folder, ...smallTraining(data, run, 1000), '--live')
  const { page, asked, complaints } = await watched(browser)
  await page.goto(trainer.url)
  const stop = page.getByRole('button', { name: 'Stop after this step' })
  await page.locator('#state', { hasText: 'goes on' }).waitFor()
  await page.locator('button:enabled', { hasText: 'Write a checkpoint' }).click()
  await page.locator('[role=status]', { hasText: 'A checkpoint is written' }).waitFor()
  await page.reload()
  await page.locator('button:enabled', { hasText: 'Stop' }).waitFor()
  await requireRefused(trainer.url)
  await stop.focus()
  await page.keyboard.press('Enter')
  require((await trainer.ended) === 1, 'a training that was stopped by its page ends with 1')
  await page.locator('[role=status]', { hasText: 'Nobody answers' }).waitFor()
  const steps = recordsOf(run).filter(({ type }) => type === 'step').length
  require((await page.locator('#state').textContent()).includes(
    'was stopped',
  ), 'the page does not say that it was stopped')
  require((await page.locator('#state').textContent()).includes(
    ` ${steps} steps`,
  ), `the page does not know of ${steps} steps`)
  const own = new URL(trainer.url).origin
  const others = asked.filter((url) => !url.startsWith(own) && !url.startsWith('data:'))
  require(others.length === 0, `the page asked ${others.join(', ')}`)
  const refused = complaints.filter((text) => !text.includes('ERR_CONNECTION') && !text.includes('ERR_INCOMPLETE'))
  require(refused.length === 0, `the page complains: ${refused.join('; ')}`)
  await page.close()
  const epochs = recordsOf(run).filter(({ type }) => type === 'epoch').length + 1
  completed(process.execPath, [builtCli(), 'train', '--resume', run, '--epochs', String(epochs)], { cwd: folder })
  console.log('live: a checkpoint, a reload, a stop, after which the run was resumed to its end')
}

/** A run of ten thousand steps, of which more come while it is watched. */
async function long(browser, folder, finished) {
  const run = join(folder, 'long')
  cpSync(finished, run, { recursive: true })
  const first = recordsOf(run).find(({ type }) => type === 'step')
  const add = (from, to) => {
    const steps = Array.from({ length: to - from }, (_, at) => ({
      ...first,
      step: from + at,
      loss: 1 / (from + at + 1),
    }))
    appendFileSync(join(run, 'metrics.jsonl'), steps.map((step) => `${JSON.stringify(step)}\n`).join(''))
  }
  add(recordsOf(run).filter(({ type }) => type === 'step').length, manySteps)
  const shown = await started(folder, 'live', run)
  const { page } = await watched(browser)
  await page.goto(shown.url)
  await page.evaluate(() => {
    window.busy = 0
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) window.busy = Math.max(window.busy, duration)
    }).observe({ type: 'longtask' })
  })
  for (let part = 0; part < 5; part++) {
    add(manySteps + 100 * part, manySteps + 100 * (part + 1))
    await page.locator('#state', { hasText: ` ${manySteps + 100 * (part + 1)} steps` }).waitFor()
  }
  const busy = await page.evaluate(() => window.busy)
  require(busy < mostBusy, `the page was busy for ${busy} ms with what was new`)
  require((await page.locator('#chart-loss').textContent()).includes('the mean of 16 steps'), 'no stretches are named')
  console.log(`${manySteps} steps and more: the page was busy for ${busy} ms at most`)
  await page.close()
  if (process.platform === 'win32') {
    shown.child.kill('SIGKILL')
  } else {
    shown.child.kill('SIGINT')
    require((await shown.ended) === 0, 'convzoo live does not end with 0')
  }
}

export async function run() {
  const folder = mkdtempSync(join(tmpdir(), 'convzoo-verify-report-'))
  const browser = await chromium.launch(chromiumOptions())
  try {
    console.log(`Chromium ${browser.version()}`)
    const data = await photographs(join(folder, 'fruit'))
    const trained = join(folder, 'run')
    const parameters = smallTraining(data, trained, 3)
    completed(process.execPath, [builtCli(), ...parameters], { cwd: folder })
    await asAFile(browser, trained)
    await live(browser, folder, data)
    await long(browser, folder, trained)
  } finally {
    await browser.close()
    rmSync(folder, { recursive: true, force: true, maxRetries: 9 })
  }
}
