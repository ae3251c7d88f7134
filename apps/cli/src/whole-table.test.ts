import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as run from '@convzoo/run'
import { Trainer } from '@convzoo/trainer'
import { describe, expect, it } from 'vitest'
import { convzoo } from './testing/convzoo.js'

const page = readFileSync(fileURLToPath(new URL('../../../docs/capabilities.md', import.meta.url)), 'utf8')
const named = new Set([...page.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name))
const missing = (names: readonly string[]): readonly string[] => names.filter((name) => !named.has(name))

const commandsOf = (help: string): readonly string[] => [
  ...new Set([...help.matchAll(/^ {2}([a-z]+) .*$/gm)].map(([, name = '']) => name)),
]

/** The flags of a help text, by the group that they stand in. */
function flagsOf(help: string): readonly { readonly group: string; readonly flag: string }[] {
  let group = ''
  return help.split('\n').flatMap((line) => {
    group = /^([A-Z][\w ]*):$/.exec(line)?.[1] ?? group
    const [, flag] = /^ {2}(?:-\w, )?(--[\w-]+)/.exec(line) ?? []
    return flag === undefined ? [] : [{ group, flag }]
  })
}

/** Groups whose flags are made of the options of what is chosen by name. */
const ofDefinitions = ['Optimizer', 'Learning rate', 'Loss', 'Engine']

/** How output is written, not what is done. */
const ofScreens = ['--help', '--json', '--csv', '--output', '--debug', '--version']

describe('nothing is missing in the table of capabilities', () => {
  it('of the commands and their flags', () => {
    const names = commandsOf(convzoo('--help').stdout).filter((name) => name !== 'help')
    expect(names).toContain('train')
    const inner = commandsOf(convzoo('data', '--help').stdout).filter((name) => name !== 'help')
    const commands = [
      ...names.filter((name) => name !== 'data').map((name) => [name]),
      ...inner.map((name) => ['data', name]),
    ]
    expect(missing(commands.map((words) => words.at(-1) ?? '').filter((name) => name !== 'train'))).toEqual([])
    for (const command of commands) {
      const flags = flagsOf(convzoo(...command, '--help').stdout)
        .filter(({ group, flag }) => !ofDefinitions.includes(group) && !ofScreens.includes(flag))
        .map(({ flag }) => flag)
      expect(missing(flags), command.join(' ')).toEqual([])
    }
  })

  it('of the settings of a run', async () => {
    const { properties = {} } = await run.runSchema({ plugins: false })
    const settings = ['network', 'data', 'training', 'checkpoints'].flatMap((section) => {
      const schema = properties[section]
      const choices = [schema, ...(schema?.anyOf ?? [])].flatMap((each) => Object.keys(each?.properties ?? {}))
      return choices.map((setting) => `${section}.${setting}`)
    })
    expect(settings).toContain('training.epochs')
    expect(missing(settings)).toEqual([])
    const sections = Object.keys(properties).filter((name) => !['$schema', 'format', 'made'].includes(name))
    expect(sections.filter((name) => ![...named].some((each) => each === name || each.startsWith(`${name}.`)))).toEqual(
      [],
    )
  })

  it('of what a run gives a program', () => {
    expect(missing(Object.keys(run).filter((name) => name !== 'Run' && name !== 'TrainedNetwork'))).toEqual([])
    const members = [run.Run, run.TrainedNetwork]
      .flatMap(({ prototype }) => Object.getOwnPropertyNames(prototype))
      .filter((name) => name !== 'constructor')
    const ofRun = members.filter((name) => name !== 'folder').map((name) => `Run.${name}`)
    expect(missing(ofRun)).toEqual([])
  })

  it('of what a trainer takes and does', () => {
    const members = [Trainer.prototype, Object.getPrototypeOf(Trainer.prototype)]
      .flatMap((each: object) => Object.getOwnPropertyNames(each))
      .filter((name) => name !== 'constructor')
    expect(members).toContain('fit')
    expect(missing(members.map((name) => `Trainer.${name}`))).toEqual([])
    const refused = (): string => {
      try {
        new Trainer({ unknown: 1 } as never)
        return ''
      } catch (error) {
        return String(Reflect.get(Object(error), 'expected'))
      }
    }
    const options = refused().replace('one of ', '').split(', ')
    expect(options).toContain('model')
    expect(missing(options.map((name) => `Trainer({ ${name} })`))).toEqual([])
  })
})
