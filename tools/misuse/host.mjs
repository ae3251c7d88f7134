// A process that runs programs of `verify:misuse` one after another, as its parent asks, each in a folder of its own. What a program
// leaves behind (a rejection that nobody handles, an exception that nobody catches) counts as its own.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { suites } from './suites.mjs'

/** Milliseconds in which what a program leaves behind shows. */
const aftermath = 4

const programs = new Map()
for (const { kind, cases } of suites) {
  for (const { name, run } of cases) {
    const full = `${kind}: ${name}`
    if (programs.has(full)) throw new Error(`Two programs are called ${full}.`)
    programs.set(full, run)
  }
}

const home = process.cwd()
/** The parent's, who removes it: a process that is killed removes nothing. */
const [, , root] = process.argv

let leftBehind
const leave = (what) => (error) => {
  leftBehind ??= `${what}: ${String(error?.stack ?? error)}`
}
process.on('unhandledRejection', leave('A rejection that nobody handles ends the process'))
process.on('uncaughtException', leave('An exception that nobody catches ends the process'))

process.on('message', async (name) => {
  const place = mkdtempSync(join(root, 'program-'))
  mkdirSync(join(place, 'home'))
  process.chdir(place)
  leftBehind = undefined
  Error.stackTraceLimit = 10
  let wrong
  try {
    await programs.get(name)(place)
  } catch (error) {
    wrong = String(error?.message ?? error)
  }
  await wait(aftermath)
  process.chdir(home)
  rmSync(place, { recursive: true, force: true })
  process.send({ name, wrong: leftBehind ?? wrong, isBroken: leftBehind !== undefined })
})
process.on('disconnect', () => process.exit())
process.send({ names: [...programs.keys()] })
