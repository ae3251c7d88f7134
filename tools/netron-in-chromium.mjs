// Models of ONNX in Netron, as a user opens them: its own server, of PyPI's package, and its page in a real Chromium.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { chromium } from 'playwright-core'
import { chromiumOptions } from './chromium.mjs'

/** Serves a model at any port, says where, and ends with its standard input. */
const server = `
import sys, netron
host, port = netron.start(sys.argv[1], address=("127.0.0.1", 0), browse=False)
print(f"at http://{host}:{port} .", flush=True)
sys.stdin.read()
`

/** Milliseconds until a large model is drawn, at most. */
const patience = 180_000

/**
 * Opens models one after the other, and waits until each is drawn.
 *
 * @returns For each the operators whose boxes are shown, in no order: `Conv`.
 */
export async function drawnByNetron(python, models) {
  const browser = await chromium.launch(chromiumOptions())
  try {
    const drawn = []
    for (const model of models) drawn.push(await operatorsDrawn(browser, python, model))
    return drawn
  } finally {
    await browser.close()
  }
}

async function operatorsDrawn(browser, python, model) {
  const child = spawn(python, ['-c', server, model], { stdio: ['pipe', 'pipe', 'inherit'] })
  const page = await browser.newPage()
  page.setDefaultTimeout(patience)
  try {
    await page.goto(await addressOf(child))
    // The page asks whether it may count visits before it shows anything: it reaches nobody here.
    await page.locator('.message-button').click()
    const boxes = page.locator('#canvas .graph-node')
    await boxes.first().waitFor()
    const names = await boxes.locator('.node-item-type text').all()
    // One by one, since the page forbids what would read all of them at once.
    return await Promise.all(names.map((name) => name.textContent()))
  } finally {
    await page.close()
    child.stdin.end()
    child.kill()
  }
}

/** The address of a served model; Netron says other things, too. */
async function addressOf(child) {
  for await (const line of createInterface({ input: child.stdout })) {
    const [, address] = /^at (http:\S+) \.$/.exec(line) ?? []
    if (address !== undefined) return address
  }
  throw new Error('Netron did not serve the model.')
}
