import type { Command } from 'commander'
import { sourceFlag } from '../catalogs/datasets.js'
import { allowCpuDescription, deviceNames, engineDescription } from '../catalogs/engines.js'
import { imageShape, numberBetween, oneOf, wholeNumber } from '../terminal/arguments.js'
import { measuredMeans } from './measured-mean.js'
import { optimizerNames } from './optimizers.js'
import { presetNames } from './preprocessing.js'
import { scheduleNames } from './schedules.js'

/** A setting of a run: how the command line and `config.json` write it. */
interface Flag<T, Fallback extends T | undefined> {
  /** `--epochs <number>`, or `--nesterov` for what is on or off. */
  readonly flag: string
  readonly description: string
  /** Reads the text that stands after `option`. */
  readonly read: (option: string) => (text: string) => T
  readonly fallback: Fallback
  /** Whether a resumed run may be given another value. */
  readonly renewable: boolean
}

type Read<T> = (option: string) => (text: string) => T

const withDefault = <T>(flag: string, description: string, read: Read<T>, fallback: T): Flag<T, T> => ({
  flag,
  description,
  read,
  fallback,
  renewable: false,
})

const optional = <T>(flag: string, description: string, read: Read<T>): Flag<T, undefined> => ({
  flag,
  description,
  read,
  fallback: undefined,
  renewable: false,
})

const renewable = <F extends Flag<unknown, unknown>>(flag: F): F => ({ ...flag, renewable: true })

const names =
  <const Name extends string>(known: readonly Name[]): Read<Name> =>
  (option) =>
    oneOf(option, known)
/** Names in any spelling of their parts: `sgd-l2` is `sgdL2`. */
const spelledNames =
  <const Name extends string>(known: readonly Name[]): Read<Name> =>
  (option) =>
  (text) => {
    const plain = (name: string): string => name.replaceAll('-', '').toLowerCase()
    return oneOf(option, known)(known.find((name) => plain(name) === plain(text)) ?? text)
  }
const whole =
  (least: number): Read<number> =>
  (option) =>
    wholeNumber(option, least)
const between =
  (least: number, most: number): Read<number> =>
  (option) =>
    numberBetween(option, least, most)
const text: Read<string> = () => (given) => given
const source: Read<string> = () => sourceFlag.read
const onOrOff: Read<boolean> = (option) => (text) => oneOf(option, ['true', 'false'])(text) === 'true'

/** Everything that a user can set of a run. The order is that of `--help`. */
export const trainingFlags = {
  data: renewable(optional('--data <source>', `what to train on: ${sourceFlag.description}`, source)),
  validationPart: optional(
    '--validation-part <part>',
    'of each class set aside to validate on (0.2 of a source without splits, none of one with a test split)',
    between(0.001, 0.9),
  ),
  input: optional('--input <HxWxC>', "the input instead of the network's own", imageShape),
  limit: optional('--limit <images>', 'train on the first so many images (all)', whole(1)),
  testLimit: optional('--test-limit <images>', 'validate and test on the first so many images (all)', whole(1)),
  shorterSide: optional(
    '--shorter-side <pixels>',
    "resize so, then cut the input out (photographs: the network's own; the papers have 256 for 227)",
    whole(1),
  ),
  augment: optional(
    '--augment <names>',
    `${presetNames.join(', ')}, or a list such as randomCrop,horizontalFlip,mixup:alpha=0.2; paper is the network's own (photographs: paper; sets in memory: none)`,
    text,
  ),
  mean: optional(
    '--mean <what>',
    "channel or image: of the training images, instead of the network's or the set's own",
    names(measuredMeans),
  ),
  workers: renewable(
    optional('--workers <number>', 'threads that decode photographs (a quarter of the cores)', whole(1)),
  ),
  cache: renewable(
    optional(
      '--cache <where>',
      'none, memory or disk: where decoded photographs are kept for later epochs; disk also for later runs (none)',
      names(['none', 'memory', 'disk']),
    ),
  ),
  cacheSize: renewable(
    optional('--cache-size <GB>', 'so much is kept at most (half of what is free)', between(0.001, 1e6)),
  ),
  onBadImage: renewable(
    optional(
      '--on-bad-image <what>',
      'skip or fail: what becomes of a file that cannot be read (skip)',
      names(['skip', 'fail']),
    ),
  ),
  maxBad: renewable(optional('--max-bad <images>', 'so many are skipped, one more fails (a tenth)', whole(0))),
  epochs: renewable(withDefault('--epochs <number>', 'times through the data', whole(1), 1)),
  validateEvery: renewable(
    withDefault('--validate-every <epochs>', 'validate after so many epochs, and after the last', whole(1), 1),
  ),
  batchSize: withDefault('--batch-size <number>', 'images a step', whole(1), 32),
  optimizer: withDefault('--optimizer <name>', optimizerNames.join(', '), spelledNames(optimizerNames), 'sgdw'),
  learningRate: renewable(withDefault('--learning-rate <rate>', 'at its highest', between(0, 1000), 0.001)),
  schedule: renewable(
    withDefault(
      '--schedule <name>',
      `of the learning rate: ${scheduleNames.join(', ')}`,
      names(scheduleNames),
      'constant',
    ),
  ),
  warmUp: renewable(withDefault('--warm-up <steps>', 'steps in which the rate rises before', whole(0), 0)),
  decayEvery: renewable(optional('--decay-every <steps>', 'step, exponential: steps a decay (a third)', whole(1))),
  gamma: renewable(optional('--gamma <part>', 'step, exponential: what a decay leaves (0.1)', between(0, 1))),
  power: renewable(optional('--power <number>', 'polynomial: its power (1)', between(0, 100))),
  finalLearningRate: renewable(
    optional('--final-learning-rate <rate>', 'polynomial, cosine: the last one (0)', between(0, 1000)),
  ),
  weightDecay: renewable(
    optional('--weight-decay <part>', 'part of each weight lost in a step (0.0005; adamW 0.01)', between(0, 1)),
  ),
  momentum: renewable(optional('--momentum <part>', 'part of the velocity that is kept (0.9)', between(0, 1))),
  nesterov: renewable(optional('--nesterov', "Nesterov's momentum", onOrOff)),
  dampening: renewable(optional('--dampening <part>', 'sgdL2: of the gradient (0)', between(0, 1))),
  convention: renewable(
    optional('--convention <name>', 'sgdL2: pytorch or caffe (pytorch)', names(['pytorch', 'caffe'])),
  ),
  beta1: renewable(optional('--beta1 <part>', 'adamW: of the mean gradient (0.9)', between(0, 1))),
  beta2: renewable(optional('--beta2 <part>', 'adamW: of the mean squared gradient (0.999)', between(0, 1))),
  epsilon: renewable(optional('--epsilon <number>', 'adamW: keeps the divisor from 0 (1e-8)', between(1e-30, 1))),
  clipNorm: renewable(
    optional('--clip-norm <norm>', 'bound of the global norm of gradients (none)', between(1e-12, 1e12)),
  ),
  seed: withDefault('--seed <number>', 'of weights, order and dropout', whole(0), 1),
  checkpointEvery: renewable(
    optional('--checkpoint-every <steps>', 'write a checkpoint so often, not only after each epoch', whole(1)),
  ),
  checkpointMinutes: renewable(
    optional('--checkpoint-minutes <minutes>', 'and where the last one is so old; 0: never (10)', between(0, 1e6)),
  ),
  engine: renewable(withDefault('--engine <name>', engineDescription, text, 'auto')),
  device: renewable(withDefault('--device <name>', deviceNames.join(', '), names(deviceNames), 'auto')),
  allowCpu: renewable(optional('--allow-cpu', allowCpuDescription, onOrOff)),
  threads: renewable(optional('--threads <number>', 'threads (all)', whole(1))),
}

type Value<F> = F extends Flag<infer T, infer Fallback> ? T | Fallback : never
type Flags = typeof trainingFlags

/** A run's settings, each read and filled in. */
export type TrainingSettings = { readonly [Name in keyof Flags]: Value<Flags[Name]> }
export type SettingName = keyof Flags

/** The names of the settings, in the order of `--help`. */
export const settingNames = Object.keys(trainingFlags) as readonly SettingName[]

/** `--epochs` of `--epochs <number>`. */
export const optionOf = (name: SettingName): string => trainingFlags[name].flag.split(' ')[0] ?? name

/** Adds an option for each setting. */
export function addTrainingFlags(command: Command): Command {
  for (const name of settingNames) {
    const { flag, description, read, fallback } = trainingFlags[name]
    if (flag.includes('<')) command.option<unknown>(flag, description, read(optionOf(name)), fallback)
    else command.option(flag, description)
  }
  return command
}
