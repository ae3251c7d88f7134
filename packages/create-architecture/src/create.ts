import { cpSync, existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What a new package is made from. */
export interface Answers {
  /** Where it goes; the folder must not exist or be empty. */
  readonly folder: string
  /** The architecture's name, the part of its ids before the dot: lower case letters, digits and single hyphens. */
  readonly name: string
  /** The name of the npm package. */
  readonly packageName: string
  /** As people write it. */
  readonly title: string
  readonly author: string
}

/** A mistake of the user: it is printed without a stack. */
export class UserError extends Error {}

const template = join(dirname(fileURLToPath(import.meta.url)), '../template')

/** npm leaves .gitignore files out of packages, and a second package.json in one means something to tools. */
const renamed = [
  ['_gitignore', '.gitignore'],
  ['_package.json', 'package.json'],
] as const

const namePattern = /^[a-z0-9]+(-[a-z0-9]+)*$/
const packagePattern = /^(@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*$/

/** `my-net` as `myNet`; a leading digit, which no identifier has, gets a word before it. */
export function identifierOf(name: string): string {
  const camel = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
  return /^\d/.test(camel) ? `net${camel}` : camel
}

/** `my-net` as `My Net`. */
export function titleOf(name: string): string {
  return name.replace(/(^|-)(.)/g, (_, hyphen: string, letter: string) => `${hyphen && ' '}${letter.toUpperCase()}`)
}

/**
 * Copies the template with these names in it. Gives the names of the files.
 *
 * @throws UserError for a name that cannot be used, or a folder with something in it.
 */
export function create({ folder, name, packageName, title, author }: Answers): readonly string[] {
  if (!namePattern.test(name)) {
    throw new UserError(
      `An architecture cannot be named "${name}": lower case letters, digits and single hyphens, such as my-net.`,
    )
  }
  if (!packagePattern.test(packageName)) {
    throw new UserError(`"${packageName}" is no name for an npm package, such as convzoo-${name} or @someone/${name}.`)
  }
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new UserError(`The folder ${folder} is not empty; nothing was written.`)
  }
  cpSync(template, folder, { recursive: true, filter: (path) => !/[\\/](?:node_modules|dist|\.vitest)$/.test(path) })
  for (const [stored, used] of renamed) renameSync(join(folder, stored), join(folder, used))
  return filesIn(folder)
    .map((path) => {
      const text = readFileSync(path, 'utf8')
        .replaceAll('convzoo-my-net', packageName)
        .replaceAll('my-net', name)
        .replaceAll('myNet', identifierOf(name))
        .replaceAll('My Net', title)
        .replaceAll('Your Name', author)
      writeFileSync(path, text)
      const target = join(dirname(path), basename(path).replace('my-net', name))
      if (target !== path) renameSync(path, target)
      return target.slice(folder.length + 1)
    })
    .sort()
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesIn(path) : [path]
  })
}
