import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
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

/** npm leaves .gitignore files out of packages, and a second package.json or .gitattributes in a repository means something to tools. */
const stored: ReadonlyMap<string, string> = new Map([
  ['_gitattributes', '.gitattributes'],
  ['_gitignore', '.gitignore'],
  ['_package.json', 'package.json'],
])

/** Names that Windows gives to devices, with any extension: no file there can be called `aux.ts`. */
const ofDevices = /^(?:con|prn|aux|nul|com\d|lpt\d)$/

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
  if (ofDevices.test(name)) {
    throw new UserError(`An architecture cannot be named "${name}": Windows has no files of that name.`)
  }
  if (!packagePattern.test(packageName)) {
    throw new UserError(`"${packageName}" is no name for an npm package, such as convzoo-${name} or @someone/${name}.`)
  }
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new UserError(`The folder ${folder} is not empty; nothing was written.`)
  }
  return templateFiles()
    .map((path) => {
      const text = readFileSync(join(template, path), 'utf8')
        .replaceAll('convzoo-my-net', packageName)
        .replaceAll('my-net', name)
        .replaceAll('myNet', identifierOf(name))
        .replaceAll('My Net', title)
        .replaceAll('Your Name', author)
      const target = stored.get(path) ?? path.replace('my-net', name)
      mkdirSync(dirname(join(folder, target)), { recursive: true })
      writeFileSync(join(folder, target), text)
      return target
    })
    .sort()
}

/** Each is written under its own name at once: one that was just written cannot always be renamed on Windows. */
function templateFiles(): readonly string[] {
  return filesIn(template)
    .map((path) => relative(template, path))
    .filter((path) => !/(?:^|[\\/])(?:node_modules|dist|\.vitest)[\\/]/.test(path))
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesIn(path) : [path]
  })
}
