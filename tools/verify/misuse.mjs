// What small programs make of the library when they hold it wrongly: wrong values of every argument and option, calls in every order,
// aborts at every wait, data and plugins that give nonsense, values of other realms. `tools/misuse` makes the programs and says what is
// right; none may hang, end with an error that is not ours, or succeed on nothing. The table counts them by kind.
// `node tools/verify.mjs misuse <text>` runs the programs whose names hold it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { builtCli } from '../build.mjs'
import { runPrograms } from '../misuse/pool.mjs'

export function missing() {
  return undefined
}

export async function run() {
  const [, , , wanted = ''] = process.argv
  builtCli()
  const rows = new Map()
  const wrong = []
  const onEnd = (name, why) => {
    const [kind] = name.split(':')
    const row = rows.get(kind) ?? { tried: 0, right: 0 }
    rows.set(kind, row)
    row.tried++
    if (why === undefined) row.right++
    else {
      wrong.push(name)
      console.log(`wrong: ${name}\n  ${why.replaceAll('\n', '\n  ').slice(0, 2000)}`)
    }
  }
  const root = mkdtempSync(join(tmpdir(), 'convzoo-misuse-'))
  try {
    await runPrograms(wanted, root, onEnd)
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
  if (rows.size === 0) throw new Error(`No program's name holds ${JSON.stringify(wanted)}.`)
  const all = [...rows.values()].reduce((sum, row) => ({ tried: sum.tried + row.tried, right: sum.right + row.right }))
  const width = Math.max(...[...rows.keys()].map((kind) => kind.length), 'in all'.length)
  console.log(`\n${'kind'.padEnd(width)}  tried  right`)
  for (const [kind, { tried, right }] of [...rows, ['in all', all]]) {
    console.log(`${kind.padEnd(width)}  ${String(tried).padStart(5)}  ${String(right).padStart(5)}`)
  }
  if (wrong.length > 0) throw new Error(`${wrong.length} programs went wrong:\n  ${wrong.join('\n  ')}`)
}
