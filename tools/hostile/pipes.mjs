// Readers that close a pipe, and disks that are full.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { same, succeed } from './sandbox.mjs'
import { shell } from './shell.mjs'
import { photographs, smallTraining, tinyRun } from './tiny-run.mjs'

export const kind = 'pipes'

const commands = {
  list: () => 'list',
  summary: () => 'summary alexnet nin zfnet',
  'data inspect': ({ data }) => `data inspect ${data}`,
  evaluate: ({ run }) => `evaluate ${run}`,
  predict: ({ run, data }) => `predict ${run} ${data}`,
  doctor: () => 'doctor',
  '--help': () => 'train --help',
}

const pipes = Object.entries(commands).flatMap(([name, command]) => [
  {
    name: `${name} | a reader that closes at once`,
    async run(place, shared) {
      const { stderr } = shell(place, `"$NODE" "$CLI" ${command(await tinyRun(place, shared))} | true`)
      if (/\bat .*:\d+|EPIPE|defect/.test(stderr)) throw new Error(stderr)
    },
  },
  {
    name: `${name} > a full disk`,
    async run(place, shared) {
      const { status, stderr } = shell(place, `"$NODE" "$CLI" ${command(await tinyRun(place, shared))} > /dev/full`)
      same(status, 2, 'exit code')
      if (/\bat .*:\d+:\d+|defect/.test(stderr)) throw new Error(stderr)
    },
  },
])

export const cases = [
  {
    name: 'train | head -1 trains to its end',
    async run(place) {
      const data = await photographs(join(place, 'fruit'))
      const run = join(place, 'run')
      const parameters = smallTraining(data, run, 8)
      const { stderr } = shell(place, `"$NODE" "$CLI" ${parameters.join(' ')} | head -1`)
      if (/\bat .*:\d+|EPIPE|defect/.test(stderr)) throw new Error(stderr)
      if (!existsSync(join(run, 'weights.safetensors'))) throw new Error('The run did not come to its end.')
      await succeed(place, ['evaluate', run])
    },
  },
  {
    name: 'train with a full stdout leaves a run that goes on',
    async run(place) {
      const data = await photographs(join(place, 'fruit'))
      const run = join(place, 'run')
      const parameters = smallTraining(data, run, 3)
      const { status, stderr } = shell(place, `"$NODE" "$CLI" ${parameters.join(' ')} > /dev/full`)
      same(status, 2, 'exit code')
      if (/\bat .*:\d+:\d+|defect/.test(stderr)) throw new Error(stderr)
    },
  },
  ...pipes,
]
