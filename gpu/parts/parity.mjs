import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runProgram } from '../process.mjs'
import { withTf32 } from '../settings.mjs'

const networks = ['alexnet', 'nin']

/** The first steps of two networks on each device, by the command line, beside those of engine onnx on the CPU. */
export async function parityPart({ cli, project, env, limit, results, settings, failures }) {
  const { steps, batchSize, tolerance, tf32Tolerance } = settings.parity

  /** The losses of a run, or undefined where it failed. */
  async function losses(network, time, { name, engine, device, flags }) {
    const folder = join(results, 'runs', `${network}-${name.replace(' ', '-')}`)
    rmSync(folder, { recursive: true, force: true })
    const data = ['--data', 'mnist', '--input', '67x67x1', '--limit', `${steps * batchSize}`, '--test-limit', '2']
    const how = ['--batch-size', `${batchSize}`, '--epochs', '1', '--engine', engine, '--device', device, ...flags]
    const parameters = [cli, 'train', network, '--recipe', 'notebook', ...data, ...how, '--run', folder]
    const { failure } = await runProgram(process.execPath, parameters, { limit: time, cwd: project, env })
    if (failure !== undefined) failures.push(`${network} on ${name}: ${failure}`)
    const metrics = join(folder, 'metrics.jsonl')
    if (failure !== undefined || !existsSync(metrics)) return undefined
    const entries = readFileSync(metrics, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    rmSync(folder, { recursive: true, force: true })
    return entries.flatMap(({ type, loss }) => (type === 'step' ? [loss] : []))
  }

  async function compared(network, time = limit) {
    const reference = losses(network, time, { name: 'reference', engine: 'onnx', device: 'cpu', flags: [] })
    const runs = withTf32(settings.targets).map(async (target) => ({
      target: target.name,
      most: target.options.precision === 'tf32' ? tf32Tolerance : tolerance,
      losses: await losses(network, time, target),
    }))
    const wanted = await reference
    const found = await Promise.all(runs)
    return found.map(({ target, most, losses: got }) => {
      if (wanted === undefined || got === undefined) return { network, target, losses: got }
      const worst = Math.max(...wanted.map((loss, step) => Math.abs(loss - got[step]) / Math.abs(loss)))
      if (!(got.length === steps && wanted.length === steps && worst <= most)) {
        failures.push(`${network} on ${target}: ${got.length} steps, losses ${worst} of the CPU's away`)
      }
      return { network, target, steps: got.length, worst, losses: got, reference: wanted }
    })
  }

  // In software all would wait for the same processor.
  if (!settings.isSoftware) return { parity: (await Promise.all(networks.map((network) => compared(network)))).flat() }
  const parity = []
  for (const network of networks) parity.push(...(await compared(network, limit / networks.length)))
  return { parity }
}
