// The smallest run there is, made once and copied for each case that needs one.
import { cpSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { filesOf } from './pictures.mjs'
import { succeed, writeFiles } from './sandbox.mjs'

/** Options of the smallest training. */
export const small = ['--input', '67x67x3', '--batch-size', '4', '--engine', 'onnx', '--augment', 'none']

/** A small training: so many epochs on a folder, into the folder of a run. */
export const smallTraining = (data, run, epochs) => [
  'train',
  'nin',
  '--data',
  data,
  ...small,
  '--epochs',
  String(epochs),
  '--run',
  run,
]

/** A folder of photographs: `names` classes of `count` pictures. */
export async function photographs(folder, names = ['apple', 'berry'], count = 5) {
  mkdirSync(folder, { recursive: true })
  const paths = names.flatMap((name) => Array.from({ length: count }, (_, at) => `${name}/${at}.jpg`))
  writeFiles(folder, await filesOf(paths))
  return folder
}

/** A run of two epochs on ten photographs, in `place/run`, and the photographs in `place/fruit`. */
export async function tinyRun(place, shared) {
  const model = join(shared, 'tiny')
  if (!existsSync(join(model, 'run', 'weights.safetensors'))) {
    const data = await photographs(join(model, 'fruit'))
    const run = join(model, 'run')
    await succeed(shared, smallTraining(data, run, 2))
  }
  cpSync(model, place, { recursive: true })
  return { run: join(place, 'run'), data: join(place, 'fruit'), original: join(model, 'fruit') }
}
