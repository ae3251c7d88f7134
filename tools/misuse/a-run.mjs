// A run of a small network on drawn photographs, trained once for all programs of a process.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { filesOf } from '../hostile/pictures.mjs'
import { load } from './library.mjs'

const { openRun, train } = await load('@convzoo/run')

/** What tells of nothing. */
export const silent = { onLog: () => undefined, onWarning: () => undefined, onProgress: () => undefined }

/** Of the processes' folder, which their parent removes. */
const root = process.argv[2] ?? '.'

let made

async function make() {
  const place = join(root, `run-of-${process.pid}`)
  const paths = ['apple', 'berry'].flatMap((name) => Array.from({ length: 5 }, (_, at) => `${name}/${at}.jpg`))
  for (const [path, bytes] of Object.entries(await filesOf(paths))) {
    const file = join(place, 'fruit', path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, bytes)
  }
  const folder = join(place, 'run')
  const config = {
    network: { id: 'nin', input: '67x67x3' },
    data: { source: join(place, 'fruit'), augment: 'none', workers: 1 },
    training: { batchSize: 4 },
    engine: 'onnx',
  }
  await train(config, { folder, ...silent })
  return { folder, data: join(place, 'fruit') }
}

/** Where the run is, and its photographs. */
export function aRun() {
  made ??= make()
  return made
}

/** The run, opened anew. */
export async function opened() {
  const { folder } = await aRun()
  return openRun(folder, { engine: 'onnx', ...silent })
}
