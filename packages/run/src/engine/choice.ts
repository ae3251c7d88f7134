import { ConvzooError, type DeviceReport, type Engine } from '@convzoo/core'
import {
  boolean,
  defineOptions,
  fieldsOf,
  isOptionsObject,
  matching,
  optional,
  requireArguments,
  text,
} from '@convzoo/core/define'
import { compareDevices } from '@convzoo/core/engine'
import type { Chosen } from '../plugins/definition.js'
import { automatic, engineDefinition, type InstalledEngine, inspectEngines, missingEngines } from './engines.js'

/** An engine on one of its devices, and why it was taken. */
export interface EngineChoice {
  readonly engine: string
  readonly device: string
  readonly reason: string
}

/** A device of an engine. */
export interface Candidate {
  readonly engine: string
  readonly report: DeviceReport
}

export interface OpenEngineOptions {
  /** Whether the choice that was made is said; true by default. */
  readonly announced?: boolean
}

/** Whether something is an object that has these texts. */
const hasTexts = (given: unknown, names: readonly string[]): boolean => {
  const fields = isOptionsObject(given) ? fieldsOf(given) : {}
  return names.every((name) => typeof fields[name] === 'string')
}

const engineSettings = matching(
  'settings of an engine: { name, device, … }',
  (given): given is Chosen & { readonly device: string } => hasTexts(given, ['name', 'device']),
)

const openEngineOptions = defineOptions({ announced: optional(boolean, true) })

/**
 * The engine that settings choose. `auto` takes the best available device of all engines that are installed; see {@link chooseEngine}.
 *
 * @throws ConvzooError of kind `option` if nothing that is installed provides it, or if it does not have the device.
 */
export async function openEngine(
  settings: Chosen & { readonly device: string },
  options: OpenEngineOptions = {},
): Promise<Engine> {
  requireArguments('openEngine', { settings: [engineSettings, settings] })
  const { announced: isAnnounced } = openEngineOptions.parse('openEngine', options)
  const { name, device, ...own } = settings
  const choice = await chooseEngine(name, device)
  const definition = await engineDefinition(choice.engine)
  const takes = (option: string): boolean => definition.isOpen === true || Object.hasOwn(definition.options, option)
  // Of `auto`, what belongs to an engine that was not taken has no effect.
  const given = Object.entries(own).filter(([option]) => name !== automatic || takes(option))
  const at = choice.device !== automatic && takes('device') ? { device: choice.device } : {}
  const engine = definition({ ...Object.fromEntries(given), ...at })
  return announced(engine, choice, isAnnounced)
}

/**
 * Settles what `auto` stands for: the best available device of the engine that is asked for, or of all engines that are installed. Better
 * is what core's `compareDevices` puts first.
 *
 * @throws ConvzooError of kind `option` if no engine is of that name or has the device.
 */
export async function chooseEngine(name: string, device: string): Promise<EngineChoice> {
  requireArguments('chooseEngine', { name: [text, name], device: [text, device] })
  if (name !== automatic && device === automatic) return chosenDevice(name)
  const all = (await inspectEngines()).flatMap(({ name: engine, devices }) =>
    devices.map((report): Candidate => ({ engine, report })),
  )
  if (name !== automatic) {
    const own = all.filter(({ engine }) => engine === name)
    const others = all.filter(({ engine, report }) => engine !== name && report.device === device)
    const has = own.find(({ report }) => report.device === device)
    if (has === undefined || (!isRun(has.report) && others.length > 0)) {
      throw noDevice(name, device, own, all, await missingEngines())
    }
    return { engine: name, device, reason: asked }
  }
  if (device === automatic) return best(all)
  const having = all.filter(({ report }) => report.device === device)
  if (!having.some(isOffered)) {
    const missing = await missingEngines()
    const used = all.filter(isOffered)
    if (having.length === 0 || missing.length > 0) throw noDevice(name, device, used, used, missing)
  }
  const { engine, reason } = best(having)
  const only = new Set(having.map((each) => each.engine)).size === 1
  return { engine, device, reason: only ? `it is the engine that has the device ${device}` : reason }
}

const asked = 'asked for'

/** An engine ranks last what it lists and does not run programs on; another one may. */
const isRun = ({ preference = 0 }: DeviceReport): boolean => preference >= 0

const isOffered = ({ report }: Candidate): boolean => isRun(report)

async function chosenDevice(name: string): Promise<EngineChoice> {
  const definition = await engineDefinition(name)
  // What says nothing of itself chooses by itself.
  if (definition.isOpen === true) return { engine: name, device: automatic, reason: asked }
  const reports = (await definition({}).devices()).filter(isRun)
  const [only, ...more] = reports
  if (only !== undefined && more.length === 0) return { engine: name, device: only.device, reason: asked }
  return best(reports.map((report) => ({ engine: name, report })))
}

/**
 * The best device that is available; where none is, the one that stands first.
 *
 * @throws ConvzooError of kind `engine` if there is none at all.
 */
export function best(candidates: readonly Candidate[]): EngineChoice {
  const ranked = candidates.toSorted((a, b) => compareDevices(a.report, b.report))
  const place = Math.max(
    0,
    ranked.findIndex(({ report }) => report.available),
  )
  const taken = ranked[place]
  if (taken === undefined) throw noEngine()
  const { engine, report } = taken
  if (report.kind === 'gpu' && report.available) return { engine, device: report.device, reason: 'there is a GPU' }
  const better = ranked.slice(0, place)
  const lacking = better.filter((each) => each.report.kind !== 'gpu')
  const gpus = better.filter((each) => each.report.kind === 'gpu')
  const reasons = [
    ...lacking.map((each) => `engine ${each.engine} cannot be used here: ${reasonOf(each)}`),
    // The GPU that would have been taken first says enough.
    ...gpus.slice(0, 1).map((each) => `there is no GPU that can be used: ${reasonOf(each)}`),
  ]
  return { engine, device: report.device, reason: reasons.join('; ') || reasonToTake(taken, candidates) }
}

/** Why the device that stands first is taken. */
function reasonToTake(taken: Candidate, candidates: readonly Candidate[]): string {
  if (!taken.report.available) return `nothing that is installed can be used here: ${reasonOf(taken)}`
  if (candidates.some(({ engine }) => engine !== taken.engine))
    return 'it is the best of the engines that are installed'
  if (candidates.length > 1) return `it is the best device of the engine ${taken.engine} here`
  return 'no other engine is installed'
}

const reasonOf = ({ report }: Candidate): string => report.reason ?? 'it does not say why'

function noEngine(): ConvzooError {
  return new ConvzooError({
    kind: 'engine',
    message: 'No engine is installed.',
    expected: 'a package that provides one',
    hint: 'npm install @convzoo/engine-onnx',
  })
}

function noDevice(
  name: string,
  device: string,
  own: readonly Candidate[],
  all: readonly Candidate[],
  missing: readonly Pick<InstalledEngine, 'devices'>[],
): ConvzooError {
  const names = [...new Set(own.filter(isOffered).map(({ report }) => report.device))]
  const having = all.filter(({ engine, report }) => engine !== name && report.device === device)
  const others = [...new Set(having.map(({ engine }) => engine))]
  const hints =
    others.length > 0
      ? others.map((engine) => `--engine ${engine} has it`)
      : missing.flatMap(({ devices }) => devices.map(({ hint }) => `another engine may have it: ${hint}`))
  return new ConvzooError({
    kind: 'option',
    message: `The option --device has a value that ${name === automatic ? 'no engine has' : `the engine ${name} does not have`}.`,
    expected: [automatic, ...names].join(', '),
    received: device,
    ...(hints.length === 0 ? {} : { hint: hints.join('; ') }),
  })
}

/** Says the choice and its reason, once, to whoever has something compiled. */
function announced(engine: Engine, choice: EngineChoice, isSaid: boolean): Engine {
  let said = !isSaid || choice.reason === asked
  return {
    ...engine,
    compile(program, options) {
      if (!said) options?.log?.(choiceLine(choice))
      said = true
      return engine.compile(program, options)
    },
  }
}

/** `onnx on cpu, since …` */
export function choiceLine(choice: EngineChoice): string {
  requireArguments('choiceLine', { choice: [engineChoice, choice] })
  const { engine, device, reason } = choice
  return `${engine} on ${device}, since ${reason}`
}

const engineChoice = matching('a choice of chooseEngine: { engine, device, reason }', (given): given is EngineChoice =>
  hasTexts(given, ['engine', 'device', 'reason']),
)
