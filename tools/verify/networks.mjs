// Every network learns from MNIST by the command line, at a reduced input: the mean loss of the last steps is well below that of the
// first ones. And the largest, alexnet-twotower at 227x227x3, trains within the memory that a small machine has.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { completeCli, metricsOf, startCli } from '../training-run.mjs'

/** How many steps make a mean, and how far the last one must fall below the first. */
const compared = 8
const fall = 0.9

/** Peak resident memory of the large training. */
const memoryLimit = 8 * 2 ** 30

const networks = [
  { id: 'alexnet', input: '67x67x1' },
  { id: 'alexnet-twotower', input: '67x67x1' },
  { id: 'zfnet', input: '67x67x1' },
  { id: 'nin', input: '67x67x1' },
]

const common = ['--engine', 'onnx', '--data', 'mnist', '--test-limit', '20']

/** Nothing but the command line is needed. */
export function missing() {
  return undefined
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length

async function learns({ id, input }, run) {
  const started = performance.now()
  await completeCli([
    ...['train', id, '--input', input, '--limit', '2048', '--batch-size', '32', '--optimizer', 'adamw'],
    ...['--learning-rate', '0.0003', '--clip-norm', '1', ...common, '--run', run],
  ])
  const losses = (await metricsOf(run)).filter(({ type }) => type === 'step').map(({ loss }) => loss)
  const first = mean(losses.slice(0, compared))
  const last = mean(losses.slice(-compared))
  const seconds = ((performance.now() - started) / 1000).toFixed(0)
  console.log(
    `${id.padEnd(17)} ${input}, batch 32: ${losses.length} steps, loss ${first.toFixed(3)} -> ${last.toFixed(3)}, ${seconds} s`,
  )
  if (!(last < fall * first)) throw new Error(`The loss of ${id} does not fall.`)
}

/** The most memory that a process ever had, as Linux counts it; undefined once it has ended. */
function peakOf(pid) {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
  } catch {
    return undefined
  }
}

async function fits(run) {
  if (!existsSync('/proc/self/status')) {
    console.log('peak memory of alexnet-twotower: SKIPPED, since only Linux tells it in /proc')
    return
  }
  const { child, ended } = startCli([
    ...['train', 'alexnet-twotower', '--input', '227x227x3', '--limit', '80', '--batch-size', '8'],
    ...[...common, '--run', run],
  ])
  let peak = 0
  const watch = setInterval(() => {
    peak = Math.max(peak, peakOf(child.pid) ?? 0)
  }, 50)
  const { code, signal, stderr } = await ended
  clearInterval(watch)
  if (code !== 0) throw new Error(`The large training ended with ${code ?? signal}:\n${stderr}`)
  const steps = (await metricsOf(run)).filter(({ type }) => type === 'step').length
  const gigabytes = (peak / 2 ** 30).toFixed(2)
  console.log(
    `alexnet-twotower  227x227x3, batch 8: ${steps} steps, checkpoint and test within ${gigabytes} GiB of memory`,
  )
  if (steps !== 10) throw new Error(`It took ${steps} steps and not 10.`)
  if (!(peak > 0 && peak <= memoryLimit)) throw new Error(`It needs more than ${memoryLimit / 2 ** 30} GiB.`)
}

export async function run() {
  const place = mkdtempSync(join(tmpdir(), 'convzoo-networks-'))
  try {
    for (const network of networks) {
      const folder = join(place, network.id)
      await learns(network, folder)
      // Checkpoints of the large ones take gigabytes.
      rmSync(folder, { recursive: true })
    }
    await fits(join(place, 'large'))
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}
