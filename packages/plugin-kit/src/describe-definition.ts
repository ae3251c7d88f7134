import { ConvzooError } from '@convzoo/core'
import { type Defined, invalid, matching, type Option } from '@convzoo/core/define'
import { expect, it } from 'vitest'

/** What a suite looks at in a definition, beside what it makes. */
export interface TestedDefinition extends Defined {
  make(options: unknown): unknown
}

/** Options of what a definition makes, as data. */
export const ownOptions: Option<object, object> = matching(
  'an object of options',
  (given): given is object => typeof given === 'object' && given !== null && !Array.isArray(given),
)

/** That lists, help, flags and configurations can be made of a definition. `given` is what it needs to be made. */
export function describeDefinition(definition: TestedDefinition, given: object): void {
  const options = Object.entries(definition.options)

  it('has a name and a title as flags and lists write them', () => {
    expect(definition.name).toMatch(/^[a-z][A-Za-z0-9]*$/)
    expect(definition.title).toMatch(/^\S.*\S$/)
  })

  it('has options that say what they are for, and that JSON can write', () => {
    const silent = options.filter(([, { description = '' }]) => description.trim() === '').map(([name]) => name)
    expect(silent, 'without words: described(…)').toEqual([])
    const unwritten = options.filter(([, { schema }]) => schema === undefined).map(([name]) => name)
    expect(unwritten, 'without a schema: written(…)').toEqual([])
  })

  it('has defaults that it would take if they were written as JSON', () => {
    const refused = options.flatMap(([name, { required, fallback, parse }]) => {
      if (required || fallback === undefined) return []
      const read: unknown = JSON.parse(JSON.stringify(fallback))
      return parse(read, `option "${name}"`) === invalid ? [name] : []
    })
    expect(refused).toEqual([])
  })

  it('refuses an option that it does not have', () => {
    let thrown: unknown
    try {
      definition.make({ ...given, unknwon: 1 })
    } catch (error) {
      thrown = error
    }
    expect(ConvzooError.isInstance(thrown) && thrown.message).toMatch('unknwon')
  })
}
