// Configurations of runs: the config.json of a run, of today and of earlier, with damage in each of its settings; and files that
// `train --config` is given.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { refuse, same, succeed } from './sandbox.mjs'
import { small, tinyRun } from './tiny-run.mjs'

export const kind = 'configurations'

const configOf = (run) => JSON.parse(readFileSync(join(run, 'config.json'), 'utf8'))

/** What stands at a place of a configuration by mistake. */
const odd = {
  null: null,
  'a number': -7,
  'a text that a terminal obeys': 'odd\u001b[2J',
  'a list': [[1]],
  'an object': { 'odd\u001b[2J': 1 },
}

/** A configuration with another value at `path`, section or section and name. */
function replaced(config, [section, name], value) {
  if (name === undefined) return { ...config, [section]: value }
  return { ...config, [section]: { ...config[section], [name]: value } }
}

/** Settings that may be anything of their kind, or nothing: what they hold is used later, or by others. */
const fine = {
  'data.source': ['a text that a terminal obeys'],
  'data.augment': ['a text that a terminal obeys'],
  'engine.device': ['a text that a terminal obeys'],
  'made.fingerprint': ['a text that a terminal obeys'],
  'made.package': Object.keys(odd),
}

/** What a run cannot be without. */
const needed = ['network', 'data', 'optimizer', 'schedule', 'training', 'engine', 'made']

/** The places of a configuration that a run wrote. */
const places = {
  network: ['id', 'input'],
  data: ['source', 'augment'],
  optimizer: ['name', 'learningRate', 'weightDecay', 'momentum', 'clipping'],
  schedule: ['name', 'warmUp'],
  loss: ['name', 'labelSmoothing'],
  training: ['epochs', 'batchSize', 'validateEvery', 'seed', 'timeLimit', 'average', 'microBatchSize'],
  checkpoints: ['everySteps', 'everyMinutes'],
  engine: ['name', 'device', 'threads'],
  made: ['package', 'classes', 'classNames', 'fingerprint', 'preprocessing'],
}

const paths = [
  ...Object.entries(places).flatMap(([section, names]) => [[section], ...names.map((name) => [section, name])]),
  ['callbacks'],
  ['metrics'],
  ['format'],
]

/** What an error says of a setting: of a name, whose it is. */
const wordOf = ([section, name = section]) => (name === 'name' ? section : name.replace(/^(callback|metric)s$/, '$1'))

/** Refused, with a word of what is wrong; or done, where the value may be meant. */
const damagedAt = (path) => ({
  name: `config.json: ${path.join('.')} is another thing`,
  async run(place, shared) {
    const { run, data } = await tinyRun(place, shared)
    const config = configOf(run)
    const places = join(run, 'config.json')
    const predict = ['predict', run, join(data, 'apple', '0.jpg')]
    for (const [what, value] of Object.entries(odd)) {
      writeFileSync(places, JSON.stringify(replaced(config, path, value)))
      // What is null is not given, as far as it may be left out.
      const isLeftOut = value === null && path.length === 2 && !['id', 'classes'].includes(path[1])
      const isFine = fine[path.join('.')]?.includes(what) === true
      if (isFine) await succeed(place, predict)
      else if (!isLeftOut) await refuse(place, predict, wordOf(path))
    }
  },
})

const missing = needed.map((section) => ({
  name: `config.json: without ${section}`,
  async run(place, shared) {
    const { run, data } = await tinyRun(place, shared)
    const { [section]: _, ...config } = configOf(run)
    writeFileSync(join(run, 'config.json'), JSON.stringify(config))
    await refuse(place, ['predict', run, join(data, 'apple', '0.jpg')], section)
    await refuse(place, ['train', '--resume', run, '--epochs', '3'], section)
  },
}))

/** What version 0.1 wrote of the same run. */
function earlier({ network, data, optimizer, training, engine, made }) {
  return {
    id: network.id,
    input: network.input.join('x'),
    ...{ data: data.source, augment: data.augment, dataset: null, limit: null },
    ...{ optimizer: optimizer.name, learningRate: optimizer.learningRate, schedule: 'constant', warmUp: 0 },
    ...{ momentum: null, weightDecay: null, clipNorm: null, decayEvery: null, gamma: null },
    ...{ epochs: training.epochs, batchSize: training.batchSize, validateEvery: 1, seed: training.seed },
    ...{ engine: engine.name, device: engine.device, threads: null },
    ...made,
  }
}

/** Settings of earlier versions, by the word that an error says of them today. */
const earlierNames = {
  ...{ id: 'network', input: 'input', optimizer: 'optimizer', learningRate: 'learningRate', schedule: 'schedule' },
  ...{ warmUp: 'warmUp', epochs: 'epochs', batchSize: 'batchSize', validateEvery: 'validateEvery', seed: 'seed' },
  ...{ engine: 'engine', device: 'device', threads: 'threads', classes: 'classes', classNames: 'classNames' },
  ...{ fingerprint: 'fingerprint', preprocessing: 'preprocessing', clipNorm: 'clipping', decayEvery: 'every' },
  ...{ momentum: 'momentum', weightDecay: 'weightDecay', limit: 'limit', augment: 'augment' },
}

const flat = [
  {
    name: 'config.json of an earlier version: read, and gone on with',
    async run(place, shared) {
      const { run, data } = await tinyRun(place, shared)
      const predict = ['predict', run, join(data, 'apple', '0.jpg'), '--json']
      const before = await succeed(place, predict)
      writeFileSync(join(run, 'config.json'), JSON.stringify(earlier(configOf(run))))
      same((await succeed(place, predict)).stdout, before.stdout, 'what is predicted')
      await succeed(place, ['train', '--resume', run, '--epochs', '3'])
      same(configOf(run).training.epochs, 3, 'the epochs of the configuration, in the form of today')
    },
  },
  ...Object.entries(earlierNames).map(([name, word]) => ({
    name: `config.json of an earlier version: ${name} is another thing`,
    async run(place, shared) {
      const { run, data } = await tinyRun(place, shared)
      const config = earlier(configOf(run))
      for (const value of [{ 'odd\u001b[2J': 1 }, [[1]]]) {
        writeFileSync(join(run, 'config.json'), JSON.stringify({ ...config, [name]: value }))
        await refuse(place, ['predict', run, join(data, 'apple', '0.jpg')], word)
      }
    },
  })),
]

const strangeRuns = {
  'a text': '"odd"',
  'a list': '[]',
  nothing: '',
  'half of it': '{ "format": "run/v2", "network": { "id": ',
  'a later format': '{ "format": "run/v9", "network": { "id": "nin" } }',
  'a name of every object': '{ "format": "run/v2", "__proto__": { "network": 1 }, "constructor": 1 }',
  'bytes that are no text': Buffer.of(0xff, 0xfe, 0x00, 0xd8, 0x7b),
}

const strange = Object.entries(strangeRuns).map(([what, contents]) => ({
  name: `config.json: ${what}`,
  async run(place, shared) {
    const { run, data } = await tinyRun(place, shared)
    writeFileSync(join(run, 'config.json'), contents)
    await refuse(place, ['predict', run, join(data, 'apple', '0.jpg')], /config|run/)
    await refuse(place, ['train', '--resume', run], /config|run/)
    await refuse(place, ['evaluate', run], /config|run/)
  },
}))

const bomb = () => {
  const levels = Array.from({ length: 30 }, (_, at) => `a${at + 1}: &a${at + 1} [*a${at}, *a${at}]`)
  return ['a0: &a0 [odd, odd]', ...levels, 'network: nin', 'data: mnist'].join('\n')
}

/** Files that are refused, and a word of why. */
const files = {
  'an anchor and an alias': ['network: &n nin\ndata: *n\n', 'Alias'],
  'a merged map': ['base: &b { epochs: 2 }\nnetwork: nin\ndata: mnist\ntraining: { <<: *b }\n', 'Alias'],
  'aliases of aliases': [bomb(), 'Alias'],
  'an alias of itself': ['network: &n [*n]\ndata: mnist\n', /Alias|network/],
  'a key twice': ['network: nin\ndata: mnist\nnetwork: alexnet\n', /unique|network/],
  'two documents': ['network: nin\n---\ndata: mnist\n', /document/],
  'a tag of a program': ['network: !!js/function "function () {}"\ndata: mnist\n', /network|tag|config/],
  'a map of maps as a key': ['? { a: 1 }\n: 2\nnetwork: nin\ndata: mnist\n', /option|configuration/],
  'brackets without an end': ['['.repeat(1e6), 'run.yaml'],
  'keys of keys': ['? '.repeat(5000), 'run.yaml'],
  'lists of lines': ['- '.repeat(1e5), 'run.yaml'],
  'maps within maps': [`network: ${'{a: '.repeat(1e5)}`, 'run.yaml'],
  'indents within indents': [
    Array.from({ length: 2000 }, (_, at) => `${' '.repeat(at)}a:`).join('\n'),
    /option|run\.yaml/,
  ],
  'tabs for spaces': ['network:\n\tid: nin\ndata: mnist\n', /tab|run\.yaml/i],
  'nothing at all': ['', 'run.yaml'],
  'comments alone': ['# nothing\n', 'run.yaml'],
  'a text': ['nin', 'run.yaml'],
  'a list': ['- nin\n- mnist\n', 'run.yaml'],
  'zero characters': ['network: nin\u0000\ndata: mnist\n', /network|run\.yaml|nin/],
  'UTF-16': [Buffer.from('network: nin\ndata: mnist\n', 'utf16le'), 'UTF-16'],
  'bytes that are no text': [Buffer.from([0xff, 0xfe, 0xfa, 0x80, 0x0a]), 'run.yaml'],
  'a name of every object': ['__proto__: { network: nin }\nnetwork: nin\ndata: mnist\n', '__proto__'],
  'its constructor': ['constructor: 1\nnetwork: nin\ndata: mnist\n', 'constructor'],
  'a section that there is not': ['network: nin\ndata: mnist\ntrainin: { epochs: 2 }\n', 'training'],
  'a flat configuration': ['network: nin\ndata: mnist\nepochs: 2\n', 'epochs'],
  'a section with a control character': ['"odd\\e[2J": 1\nnetwork: nin\ndata: mnist\n', 'odd'],
  'a setting with a control character': ['network: nin\ndata: mnist\ntraining: { "odd\\e[2J": 1 }\n', 'odd'],
  'a network with a control character': ['network: "odd\\e[2J"\ndata: mnist\n', 'odd'],
  'an optimizer with a control character': ['network: nin\ndata: mnist\noptimizer: "odd\\e[2J"\n', 'odd'],
  'a callback with a control character': ['network: nin\ndata: mnist\ncallbacks: ["odd\\e[2J"]\n', 'odd'],
  'an engine with a control character': ['network: nin\ndata: mnist\nengine: "odd\\e[2J"\n', 'odd'],
  'data with a control character': ['network: nin\ndata: "odd\\e[2J"\n', 'odd'],
  'epochs without an end': ['network: nin\ndata: mnist\ntraining: { epochs: .inf }\n', 'epochs'],
  'epochs that are no number': ['network: nin\ndata: mnist\ntraining: { epochs: .nan }\n', 'epochs'],
  'epochs that are a date': ['network: nin\ndata: mnist\ntraining: { epochs: 2001-01-01 }\n', 'epochs'],
  'a batch size of a text': ['network: nin\ndata: mnist\ntraining: { batchSize: "32" }\n', 'batchSize'],
  'a batch size that is huge': ['network: nin\ndata: mnist\ntraining: { batchSize: 1e300 }\n', 'batchSize'],
  'a seed of bytes': ['network: nin\ndata: mnist\ntraining: { seed: !!binary aGk= }\n', 'seed'],
  'callbacks that are a set': ['network: nin\ndata: mnist\ncallbacks: !!set { earlyStopping }\n', 'callbacks'],
  'an input without a channel': ['network: { id: nin, input: [67, 67] }\ndata: mnist\n', 'input'],
  'an input of no size': ['network: { id: nin, input: 0x0x3 }\ndata: mnist\n', 'input'],
  'no network': ['data: mnist\n', /network|<id>/],
  'no data': ['network: nin\n', '--data'],
}

const given = Object.entries(files).map(([what, [contents, says]]) => ({
  name: `--config: ${what}`,
  async run(place) {
    writeFileSync(join(place, 'run.yaml'), contents)
    await refuse(place, ['train', '--config', 'run.yaml', '--run', 'run'], says)
    if (existsSync(join(place, 'run'))) throw new Error('It made a run.')
  },
}))

const things = {
  'a pipe': (path) => execFileSync('mkfifo', [path]),
  'a device without an end': (path) => symlinkSync('/dev/zero', path),
  'a folder': (path) => mkdirSync(path),
  'a link to itself': (path) => symlinkSync(path, path),
  'nothing there': () => undefined,
  'a file of 1 GB': (path) => {
    writeFileSync(path, '')
    truncateSync(path, 2 ** 30)
  },
}

const special = Object.entries(things).map(([what, make]) => ({
  name: `--config: ${what}`,
  async run(place) {
    make(join(place, 'run.yaml'))
    await refuse(place, ['train', '--config', 'run.yaml', '--run', 'run'], 'run.yaml')
    await refuse(place, ['train', 'nin', '--data', 'mnist', '--config=run.yaml', '--run', 'run'], 'run.yaml')
  },
}))

/** What a student would write, of the tiny run's photographs. */
const yaml = (data) =>
  `# by hand\r\nnetwork: { id: nin, input: 67x67x3 }\r\ndata: { source: ${JSON.stringify(data)}, augment: none }\r\ntraining: { batchSize: 4 }\r\nengine: onnx\r\n`

const beside = [
  {
    name: '--config: lines of Windows, and flags that go before it',
    async run(place, shared) {
      const { data } = await tinyRun(place, shared)
      writeFileSync(join(place, 'run.yaml'), `\ufeff${yaml(data)}`)
      await succeed(place, ['train', '--epochs', '2', '--config', 'run.yaml', '--batch-size', '5', '--run', 'one'])
      const { training, network } = configOf(join(place, 'one'))
      same([training.epochs, training.batchSize, network.input], [2, 5, [67, 67, 3]], 'the settings')
      await succeed(place, ['train', 'alexnet', '--config=run.yaml', '--run', 'other'])
      same(configOf(join(place, 'other')).network.id.split('.')[0], 'alexnet', 'the network')
    },
  },
  {
    name: '--config: the config.json of a run repeats it',
    async run(place, shared) {
      const { run, data } = await tinyRun(place, shared)
      const given = ['train', 'nin', '--data', data, ...small, '--epochs', '2', '--run', 'first']
      await succeed(place, given)
      await succeed(place, ['train', '--config', 'first/config.json', '--run', 'again'])
      const weights = (name) => readFileSync(join(place, name, 'weights.safetensors'))
      same(weights('again').equals(weights('first')), true, 'the same weights')
      writeFileSync(join(place, 'earlier.json'), JSON.stringify(earlier(configOf(run))))
      await refuse(place, ['train', '--config', 'earlier.json', '--run', 'flat'], /option|network/)
    },
  },
  ...[
    ['beside --resume', ['--resume', 'run'], '--config'],
    ['beside a flag that there is not', ['--epoch', '2'], '--epoch'],
    ['beside a flag of another optimizer', ['--momentum', '0.9'], /momentum/],
    ['beside a flag of no value', ['--epochs'], '--epochs'],
    ['beside a flag of a wrong value', ['--epochs', 'many'], '--epochs'],
    ['beside a network that there is not', ['odd\u001b[2J'], 'odd'],
    ['beside another file', ['--config', 'nowhere.yaml'], 'nowhere.yaml'],
  ].map(([name, options, says]) => ({
    name: `--config: ${name}`,
    async run(place, shared) {
      const { data } = await tinyRun(place, shared)
      writeFileSync(join(place, 'run.yaml'), yaml(data))
      const run = options.includes('--resume') ? [] : ['--run', 'made']
      await refuse(place, ['train', '--config', 'run.yaml', ...run, ...options], says)
      if (existsSync(join(place, 'made'))) throw new Error('It made a run.')
    },
  })),
  {
    name: '--config: help is shown whatever the file is',
    async run(place) {
      writeFileSync(join(place, 'run.yaml'), '{ "optimizer": [')
      await succeed(place, ['train', '--config', 'run.yaml', '--help'])
    },
  },
]

export const cases = [...paths.map(damagedAt), ...missing, ...flat, ...strange, ...given, ...special, ...beside]
