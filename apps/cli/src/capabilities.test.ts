import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as described from '@convzoo/core'
import * as defined from '@convzoo/core/define'
import * as executed from '@convzoo/core/engine'
import { contracts } from '@convzoo/plugins'
import * as run from '@convzoo/run'
import * as trainer from '@convzoo/trainer'
import { describe, expect, it } from 'vitest'
import { convzoo } from './testing/convzoo.js'

/** All that core exports, by whichever of its faces. */
const core = { ...described, ...defined, ...executed }

const page = readFileSync(fileURLToPath(new URL('../../../docs/capabilities.md', import.meta.url)), 'utf8')
const [head = [], , ...rows] = [...page.matchAll(/^\| (.*) \|$/gm)].map(([, row = '']) => row.split(' | '))

/** The names in a column, each once. */
function namesIn(column: string): readonly string[] {
  const place = head.indexOf(column)
  return [
    ...new Set(rows.flatMap((row) => [...(row[place] ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name))),
  ]
}

const isExported = (exports: object, name: string): boolean => Object.hasOwn(exports, name)

/** `Run.predict`: what the class has, as a method or a property. */
function isMember(exports: object, name: string): boolean {
  const [owner = '', member = ''] = name.split('.')
  const made: unknown = Reflect.get(exports, owner)
  return typeof made === 'function' && (member in made.prototype || member in made)
}

describe('the table of capabilities', () => {
  it('has no hole', () => {
    expect(head).toEqual(['capability', 'core', 'trainer', 'run', 'command line', 'plugin'])
    expect(rows.length).toBeGreaterThan(25)
    expect(rows.filter((row) => row.length !== head.length || row.slice(1).some((cell) => !/`/.test(cell)))).toEqual([])
  })

  it('names what core has', () => {
    expect(namesIn('core').filter((name) => !isExported(core, name))).toEqual([])
  })

  it('names what the trainer has', () => {
    const names = namesIn('trainer')
    const options = names.flatMap((name) => /^Trainer\(\{ (\w+) \}\)$/.exec(name)?.[1] ?? [])
    for (const option of options) {
      // One that is known is refused for its value, or for another one that is missing.
      expect(() => new trainer.Trainer({ [option]: undefined } as never)).not.toThrow(`has no option "${option}"`)
    }
    const others = names.filter((name) => !name.includes('('))
    expect(others.filter((name) => !isExported(trainer, name) && !isMember(trainer, name))).toEqual([])
  })

  it('names what a run has', async () => {
    const { properties = {} } = await run.runSchema()
    const isSetting = (name: string): boolean => {
      const [section = '', setting] = name.split('.')
      const schema = properties[section]
      const choices = [schema, ...(schema?.anyOf ?? [])]
      return schema !== undefined && (setting === undefined || choices.some((each) => each?.properties?.[setting]))
    }
    const names = namesIn('run')
    expect(names.filter((name) => !isExported(run, name) && !isMember(run, name) && !isSetting(name))).toEqual([])
  })

  it('names what the command line has', () => {
    const commands = [
      ['train'],
      ['evaluate'],
      ['runs'],
      ['predict'],
      ['serve'],
      ['live'],
      ['import'],
      ['export'],
      ['visualize'],
      ['diagnose'],
      ['list'],
      ['summary'],
      ['plot'],
      ['bench'],
      ['doctor'],
      ['data', 'inspect'],
      ['data', 'preview'],
    ]
    const help = commands.map((command) => convzoo(...command, '--help').stdout).join('\n')
    const names = namesIn('command line')
    const flags = names.filter((name) => name.startsWith('--'))
    expect(flags.filter((flag) => !new RegExp(`^ +(?:-\\w, )?${flag}(?: |$)`, 'm').test(help))).toEqual([])
    const called = names.filter((name) => !name.startsWith('--')).map((name) => name.split(' ')[0])
    expect(called.filter((name) => !commands.some((command) => command.at(-1) === name))).toEqual([])
  })

  it('names what a plugin may provide', () => {
    const names = namesIn('plugin')
    expect(names.filter((name) => !contracts.some((each) => each === name) && !isExported(core, name))).toEqual([])
  })
})
