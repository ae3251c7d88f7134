// Weights that are none, in the place of a run's.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { refuse } from './sandbox.mjs'
import { tinyRun } from './tiny-run.mjs'

export const kind = 'weights'

/** A run whose weights are replaced by bytes. */
const weightsCase = (name, bytesOf, says) => ({
  name: `weights: ${name}`,
  async run(place, shared) {
    const { run, data } = await tinyRun(place, shared)
    rmSync(join(run, 'checkpoints'), { recursive: true })
    writeFileSync(join(run, 'weights.safetensors'), bytesOf(join(run, 'weights.safetensors')))
    await refuse(place, ['predict', run, join(data, 'apple', '0.jpg')], ['weights.safetensors', says])
  },
})

const header = (json) => {
  const text = Buffer.from(json)
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  return Buffer.concat([length, text])
}

/** The weights of a run with one value changed. */
function withValue(path, value) {
  const bytes = Buffer.from(readFileSync(path))
  const start = 8 + Number(bytes.readBigUInt64LE())
  bytes.writeFloatLE(value, start + 400)
  return bytes
}

/** The same file with a header that names its first tensor twice. */
function withTwo(path) {
  const bytes = readFileSync(path)
  const length = Number(bytes.readBigUInt64LE())
  const json = bytes
    .subarray(8, 8 + length)
    .toString()
    .trimEnd()
  const [, first] = /("[^"]+":\{"dtype":"F32".*?\})/.exec(json)
  const doubled = header(`{${first},${json.slice(1)}`)
  return Buffer.concat([doubled, bytes.subarray(8 + length)])
}

export const cases = [
  weightsCase('NaN', (path) => withValue(path, Number.NaN), /NaN|finite/),
  weightsCase('infinite', (path) => withValue(path, Number.POSITIVE_INFINITY), /finite|Infinity/),
  weightsCase('two tensors of one name', withTwo, /twice|two|same name/),
  weightsCase('a header of 50 MB of [', () => header('['.repeat(5e7)), /header|nested/),
  weightsCase('a header of 50 MB of names', () => header(`{${'"a":1,'.repeat(7e6)}"b":1}`), /header/),
  weightsCase('a header that is longer than the file', () => Buffer.alloc(8, 0x7f), /header/),
  weightsCase('an empty file', () => Buffer.alloc(0), /0 bytes|empty/),
  weightsCase('another tensor', () => header('{"x\\u001b[2J":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}'), /./),
  weightsCase(
    'metadata that are nested deep',
    () => header(`{"__metadata__":{"a":${'['.repeat(1e5)}${']'.repeat(1e5)}}}`),
    /nested|text|object/,
  ),
  weightsCase('cut in half', (path) => readFileSync(path).subarray(0, 2000), /./),
]
