// The page of examples/browser in a real Chromium, on SwiftShader, a GPU in software: its bundle's size, the losses of its steps beside those of
// engine onnx in Node.js, a stop within an epoch, a checkpoint that is saved, a page that is loaded anew and goes on from it, and the command
// line, which evaluates that checkpoint, predicts by it, goes on with it to the end, and whose own checkpoint the page takes. The first run
// fetches about 120 MB and keeps them.
import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { chromium } from 'playwright-core'
import { chromiumOptions, missingChromium } from '../chromium.mjs'
import { completed } from '../completed.mjs'
import { linkPackages } from '../link-packages.mjs'
import { bundleBudget } from '../size-budgets.mjs'
import { metricsOf } from '../training-run.mjs'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const cache = join(root, 'node_modules/.cache/convzoo/browser')
const cli = join(root, 'apps/cli/dist/cli.js')

const images = { train: 12, test: 4 }
const training = { batch: 4, epochs: 2, rate: 0.01 }
const stepsOfAll = (training.epochs * images.train) / training.batch
/** Within the first epoch. */
const stopAt = 2
const worstDifference = 1e-4
/** Shaders are compiled on the processor. */
const patience = { timeout: 600_000 }

export const missing = missingChromium

const command = (program, parameters, { cwd = cache, env } = {}) => completed(program, parameters, { cwd, env })

const convzoo = (...parameters) => command(process.execPath, [cli, ...parameters])

/** The example as its reader would have it, built, with digits. */
function builtExample(folder) {
  cpSync(join(root, 'examples/browser'), folder, { recursive: true })
  linkPackages(folder)
  command(process.execPath, ['node_modules/tsup/dist/cli-default.js', '--silent'], { cwd: folder })
  command(process.execPath, ['make-digits.mjs', images.train, images.test].map(String), { cwd: folder })
  const kilobytes = gzipSync(readFileSync(join(folder, 'dist/page.js')), { level: 9 }).length / 1000
  console.log(`page.js: ${kilobytes.toFixed(0)} kB gzipped of ${bundleBudget}`)
  if (kilobytes > bundleBudget) throw new Error('The bundle is too large.')
}

/** The example's own server, on any port. */
async function served(folder) {
  const server = spawn(process.execPath, ['serve.mjs', '0'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const line of createInterface(server.stdout)) return { address: line, end: () => server.kill() }
  throw new Error('The server ended.')
}

const state = (page, ...wanted) =>
  page.waitForFunction((states) => states.includes(document.body.dataset.state), ['failed', ...wanted], patience)

/** A page of the example that waits to be started. */
async function opened(browser, address, { epochs = training.epochs } = {}) {
  const page = await browser.newPage()
  page.on('pageerror', (error) => console.error(error))
  await page.goto(`${address}/?batch=${training.batch}&epochs=${epochs}&rate=${training.rate}&allow-cpu`)
  await state(page, 'ready')
  return page
}

const textOf = (page, name) => page.locator(name).textContent()

async function requireState(page, wanted) {
  const now = await page.locator('body').getAttribute('data-state')
  if (now !== wanted) throw new Error(`The page is ${now}, not ${wanted}: ${await textOf(page, '#log')}`)
}

const lossesOfPage = async (page) =>
  [...(await textOf(page, '#log')).matchAll(/^step \d+ \| loss (\S+)$/gm)].map(([, loss]) => Number(loss))

const lossesOfRun = async (folder) =>
  (await metricsOf(folder)).filter(({ type }) => type === 'step').map(({ loss }) => loss)

/** Saves what a button of the page offers. */
async function saved(page, button, folder) {
  mkdirSync(folder, { recursive: true })
  const [download] = await Promise.all([page.waitForEvent('download', patience), page.locator(button).click()])
  const path = join(folder, download.suggestedFilename())
  await download.saveAs(path)
  return path
}

function expectClose(what, losses, wanted) {
  const worst = Math.max(...wanted.map((loss, step) => Math.abs(loss - losses[step]) / loss))
  console.log(`${what}: ${losses.length} steps, losses at most ${worst.toExponential(1)} from those of onnx in Node.js`)
  if (losses.length !== wanted.length) throw new Error(`${what} made ${losses.length} of ${wanted.length} steps.`)
  if (!(worst <= worstDifference)) throw new Error(`${what} differs: ${losses} instead of ${wanted}`)
}

/** The whole training by the command line, and one that stopped after its first epoch. */
function trainedInNode(folder) {
  const job = [
    ...[
      'nin',
      '--recipe',
      'notebook',
      '--data',
      'mnist',
      '--input',
      '67x67x1',
      '--engine',
      'onnx',
      '--batch-size',
      String(training.batch),
    ],
    ...['--limit', String(images.train), '--test-limit', String(images.test), '--learning-rate', String(training.rate)],
  ]
  const whole = join(folder, 'whole')
  convzoo('train', ...job, '--epochs', String(training.epochs), '--run', whole)
  const first = join(folder, 'first')
  convzoo('train', ...job, '--epochs', '1', '--run', first)
  return { whole, first }
}

async function stopped(browser, address) {
  const page = await opened(browser, address)
  await page.locator('#start').click()
  const done = `step ${stopAt - 1} |`
  await page.waitForFunction(
    (line) => document.body.dataset.state === 'failed' || document.getElementById('log')?.textContent?.includes(line),
    done,
    { ...patience, polling: 5 },
  )
  await page.locator('#stop').click()
  await state(page, 'stopped', 'finished')
  await requireState(page, 'stopped')
  return page
}

/** A page that is new goes on from a file to the end. */
async function resumed(browser, address, checkpoint) {
  const page = await opened(browser, address)
  await page.locator('#resume').setInputFiles(checkpoint)
  await page.waitForFunction(() => /step \d+ of/.test(document.getElementById('state')?.textContent ?? ''), patience)
  await page.locator('#start').click()
  await state(page, 'finished')
  await requireState(page, 'finished')
  const losses = await lossesOfPage(page)
  console.log(`the page: ${await textOf(page, '#state')}`)
  await page.close()
  return losses
}

export async function run() {
  const options = chromiumOptions()
  const folder = mkdtempSync(join(cache, 'run-'))
  const example = join(folder, 'example')
  builtExample(example)
  const { whole, first } = trainedInNode(folder)
  const wanted = await lossesOfRun(whole)
  const server = await served(example)
  const browser = await chromium.launch({
    ...options,
    args: [...options.args, '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
    ...patience,
  })
  try {
    console.log(`Chromium ${browser.version()}`)
    const page = await stopped(browser, server.address)
    const before = await lossesOfPage(page)
    const folderOfRun = join(folder, 'of-the-page')
    const checkpoint = await saved(page, '#save', join(folderOfRun, 'checkpoints'))
    await saved(page, '#config', folderOfRun)
    await page.close()
    const after = await resumed(browser, server.address, checkpoint)
    expectClose(`stopped after step ${before.length - 1}, loaded anew and resumed`, [...before, ...after], wanted)

    // The checkpoint of the page, for the command line.
    const score = convzoo('evaluate', folderOfRun, '--engine', 'onnx')
    if (!/accuracy/.test(score)) throw new Error(`evaluate says no accuracy:\n${score}`)
    const predicted = convzoo('predict', folderOfRun, '--engine', 'onnx')
    console.log(`convzoo predict: ${predicted.trim().split('\n').slice(0, 2).join(' ')}`)
    convzoo('train', '--resume', folderOfRun, '--engine', 'onnx')
    const rest = await lossesOfRun(folderOfRun)
    expectClose('resumed by the command line', [...before, ...rest], wanted)

    // And that of the command line, for the page.
    const ofNode = join(first, 'checkpoints', readdirSync(join(first, 'checkpoints')).at(-1))
    const last = await resumed(browser, server.address, ofNode)
    expectClose('begun by the command line, ended by the page', [...(await lossesOfRun(first)), ...last], wanted)
    if (wanted.length !== stepsOfAll) throw new Error(`${wanted.length} steps instead of ${stepsOfAll}.`)
  } finally {
    await browser.close()
    server.end()
    rmSync(folder, { recursive: true, force: true, maxRetries: 9 })
  }
}
