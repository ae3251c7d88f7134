// Commands on a terminal of their own, as a person has them: keys are pressed, and what a key such as Ctrl-C sends goes to every
// process in front. Made by `script` of util-linux, or by Python.
import { spawn, spawnSync } from 'node:child_process'

const python = `
import os, pty, sys
status = os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:]))
sys.exit(status if status >= 0 else 128 - status)
`

const quoted = (word) => `'${word.replaceAll("'", "'\\''")}'`

const says = (program, parameters, what) => spawnSync(program, parameters, { encoding: 'utf8' }).stdout?.includes(what)

function findMaker() {
  if (process.platform === 'win32') return undefined
  if (says('script', ['--version'], 'util-linux')) {
    return (command) => ['script', '-qfec', `exec ${command.map(quoted).join(' ')}`, '/dev/null']
  }
  if (says('python3', ['-c', 'import pty; print(pty.__name__)'], 'pty')) {
    return (command) => ['python3', '-c', python, ...command]
  }
  return undefined
}

const maker = findMaker()

/** Why there are no pseudo-terminals here; undefined if there are. */
export const noTerminal = maker === undefined ? "neither util-linux's script nor Python's pty is here" : undefined

/** Starts a command in front on a terminal. `press` takes the characters of keys. */
export function startOnTerminal(command, options = {}) {
  if (maker === undefined) throw new Error(noTerminal)
  const [program, ...parameters] = maker(command)
  const child = spawn(program, parameters, { ...options, stdio: 'pipe' })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      output += text
    })
  }
  // Whoever presses a key too late finds no terminal.
  child.stdin.on('error', () => undefined)
  const ended = new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, output }))
  })
  return { press: (keys) => child.stdin.write(keys), isRunning: () => child.exitCode === null, ended }
}

/** What Ctrl-C types. */
export const controlC = '\u0003'
