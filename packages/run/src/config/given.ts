import { isOptionsObject, matching, requireArguments } from '@convzoo/core/define'

const anyObject = matching('an object', isOptionsObject)

/** The properties that are not undefined. */
export function given<T extends object>(options: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  requireArguments('given', { options: [anyObject, options] })
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [Name in keyof T]?: Exclude<T[Name], undefined>
  }
}
