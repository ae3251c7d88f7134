import { mkdtemp, readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConvzooError, Engine, Model } from '@convzoo/core'
import { isOptionsObject, unusableOption } from '@convzoo/core/define'
import { readRegularFile, removeFolder } from '@convzoo/files'
import { type EngineChoice, openEngine } from '../engine/choice.js'
import { engineDefinition } from '../engine/engines.js'
import type { Chosen } from '../plugins/definition.js'
import type { BenchmarkMode } from './modes.js'

/** What a layer takes of a step, in milliseconds. A gradient of weights that one product computes with their update is part of the update. */
export interface LayerTime {
  /** `loss`, `all` (what an update has of all layers together) and `other` (what belongs to none) stand behind those of the network. */
  readonly layer: string
  readonly forward: number
  readonly backward: number
  readonly update: number
}

/** What a step does, one after the other. */
const passes = ['forward', 'backward', 'update'] as const

/** What the functions of a mode are called in the runtime's records. */
const functions: Readonly<Record<BenchmarkMode, string>> = { train: 'train-', infer: 'predict-' }

/**
 * Does some steps with an engine that records what each operator takes, and tells it by layers. Undefined if it was stopped.
 *
 * @throws ConvzooError of kind `option` where there is no record that could be read.
 */
export async function profiled(
  { layers }: Model,
  settings: Chosen & { readonly device: string },
  mode: BenchmarkMode,
  work: (engine: Engine) => Promise<unknown>,
): Promise<readonly LayerTime[] | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'convzoo-profile-'))
  try {
    if ((await work(await openEngine({ ...settings, profile: folder }, { announced: false }))) === undefined)
      return undefined
    const [name] = (await readdir(folder)).filter((each) => each.startsWith(functions[mode]))
    const record: unknown = name === undefined ? undefined : await recordIn(join(folder, name))
    if (!Array.isArray(record)) throw noRecord(settings.name)
    return timesOf(
      record,
      layers.map((layer) => layer.name),
    )
  } finally {
    await removeFolder(folder)
  }
}

/** Bytes of a record: a step has some hundred operators. */
const mostBytes = 2 ** 30

async function recordIn(path: string): Promise<unknown> {
  const bytes = await readRegularFile(path, { expected: "ONNX Runtime's record of a function", mostBytes })
  return JSON.parse(Buffer.from(bytes).toString('utf8'))
}

/** @throws ConvzooError of kind `option` where the engine does not record, or records of the device only when work is handed to it. */
export async function requireRecord({ engine, device }: EngineChoice): Promise<void> {
  const definition = await engineDefinition(engine)
  const report = (await definition({}).devices()).find((each) => each.device === device)
  if (Object.hasOwn(definition.options, 'profile') && report?.kind === 'cpu') return
  throw noRecord(`${engine} on ${device}`, report?.kind === 'gpu')
}

const noRecord = (received: string, isGpu = false): ConvzooError =>
  unusableOption('"profile" of benchmark', {
    expected: 'an engine that records what each operator takes, on a processor: onnx on cpu',
    received,
    hint: isGpu ? 'what a GPU does is told by its own tools, such as nsys' : 'take engine onnx for it',
  })

/** Times by layers, of all runs of a function but the first. */
function timesOf(record: readonly unknown[], layers: readonly string[]): readonly LayerTime[] {
  const events = record.flatMap((given) => eventOf(given) ?? [])
  const runs = events.filter(({ name }) => name === 'model_run').sort((a, b) => a.ts - b.ts)
  const from = runs[1]?.ts ?? 0
  const count = Math.max(1, runs.length - 1)
  const sums = new Map<string, Record<(typeof passes)[number], number>>()
  for (const { name, ts, dur } of events) {
    if (!name.endsWith('_kernel_time') || ts < from) continue
    const [, said, layer = 'other'] = /<(\w+) ([^>]*)>/.exec(name) ?? []
    const pass = passes.find((each) => each === said) ?? 'forward'
    const sum = sums.get(layer) ?? { forward: 0, backward: 0, update: 0 }
    sum[pass] += dur / 1000 / count
    sums.set(layer, sum)
  }
  const place = (layer: string): number => [...layers, 'loss', 'all', 'other'].indexOf(layer)
  return [...sums].map(([layer, sum]): LayerTime => ({ layer, ...sum })).sort((a, b) => place(a.layer) - place(b.layer))
}

/** Of an event of the record its name, and when it was and how long, in microseconds. */
function eventOf(given: unknown) {
  if (!isOptionsObject(given)) return undefined
  const [name, ts, dur] = ['name', 'ts', 'dur'].map((each): unknown => Reflect.get(given, each))
  return typeof name === 'string' && typeof ts === 'number' && typeof dur === 'number' ? { name, ts, dur } : undefined
}
