#!/usr/bin/env node
import { basename, resolve } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { parseArgs } from 'node:util'
import { type Answers, create, titleOf, UserError } from './create.js'

const help = `npm create convzoo-architecture my-net

Writes a package that provides an architecture for convzoo: it builds, tests, lints and publishes as it is.

  <folder>            where it goes; its last part is the architecture's name
  --name <name>       the architecture's name, if not that
  --package <name>    the npm package (convzoo-<name>)
  --title <text>      the name as people write it
  --author <text>
  --yes               ask nothing; what is not given gets its default
`

function flags() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        name: { type: 'string' },
        package: { type: 'string' },
        title: { type: 'string' },
        author: { type: 'string' },
        yes: { type: 'boolean', short: 'y' },
        help: { type: 'boolean', short: 'h' },
      },
    })
  } catch (error) {
    throw new UserError(`${error instanceof Error ? error.message : error}\n\n${help}`)
  }
}

async function answers({ values, positionals }: ReturnType<typeof flags>): Promise<Answers> {
  const asks = values.yes !== true && process.stdin.isTTY === true
  const terminal = asks ? createInterface({ input: process.stdin, output: process.stdout }) : undefined
  const ask = async (given: string | undefined, question: string, usual: string): Promise<string> => {
    if (given !== undefined) return given
    const answer = await terminal?.question(`${question} (${usual}) `)
    return answer === undefined || answer.trim() === '' ? usual : answer.trim()
  }
  try {
    const folder = resolve(await ask(positionals[0], 'Folder', 'my-net'))
    const name = await ask(values.name, "The architecture's name", basename(folder).toLowerCase())
    return {
      folder,
      name,
      packageName: await ask(values.package, 'The npm package', `convzoo-${name}`),
      title: await ask(values.title, 'Its name as people write it', titleOf(name)),
      author: await ask(values.author, 'Author', 'Your Name'),
    }
  } finally {
    terminal?.close()
  }
}

try {
  const given = flags()
  if (given.values.help === true) {
    process.stdout.write(help)
  } else {
    const chosen = await answers(given)
    const files = create(chosen)
    process.stdout.write(
      `${chosen.packageName} is in ${chosen.folder}: ${files.length} files.\n\n  cd ${positionalOr(given, chosen)}\n  npm install\n  npm run build\n  npm test\n`,
    )
  }
} catch (error) {
  if (!(error instanceof UserError)) throw error
  process.stderr.write(`error: ${error.message}\n`)
  process.exitCode = 2
}

function positionalOr({ positionals }: ReturnType<typeof flags>, { folder }: Answers): string {
  const path = positionals[0] ?? folder
  return /\s/.test(path) ? `"${path}"` : path
}
