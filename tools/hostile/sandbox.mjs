// How the cases of `verify:hostile` run the product: the built command line in a process of its own, with a time limit, and its memory
// measured from within. A case says what must hold by throwing where it does not.
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { builtCli } from '../build.mjs'
import { patience } from '../patience.mjs'

/** Seconds after which, on an idle machine, a command has hung. A refusal may take ten; a training of a few steps more. */
const refusalSeconds = 10
const trainingSeconds = 120

const meter = pathToFileURL(fileURLToPath(new URL('./meter.mjs', import.meta.url))).href

let cli

/** Files by their paths below a folder. */
export function writeFiles(folder, files) {
  for (const [name, contents] of Object.entries(files)) {
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, contents)
  }
}

/**
 * Runs the command line to its end: its exit code, what it wrote, how long it took, and the most memory that it held, in MB. `by` is told
 * of the process once it runs.
 */
export function convzoo(place, parameters, { seconds: least = trainingSeconds, env = {}, by, stdio } = {}) {
  cli ??= builtCli()
  const seconds = least * patience()
  const memory = join(place, `memory-${Math.random().toString(36).slice(2)}`)
  const started = performance.now()
  const child = spawn(process.execPath, ['--import', meter, cli, ...parameters], {
    cwd: place,
    stdio: stdio ?? ['ignore', 'pipe', 'pipe'],
    // A suite that nohup started, whose session this is not, tries SIGHUP as well.
    detached: true,
    env: { ...process.env, _: process.execPath, CONVZOO_CACHE: join(place, 'cache'), CONVZOO_METER: memory, ...env },
  })
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (text) => {
    stdout += text
  })
  child.stderr?.on('data', (text) => {
    stderr += text
  })
  by?.(child)
  let hung = false
  const timer = setTimeout(() => {
    hung = true
    child.kill('SIGKILL')
  }, seconds * 1000)
  return new Promise((resolve, reject) => {
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      if (hung) {
        reject(new Error(`convzoo ${parameters.join(' ')} did not end within ${seconds.toFixed(0)} s:\n${stderr}`))
        return
      }
      let megabytes = Number.NaN
      try {
        megabytes = Number(readFileSync(memory, 'utf8')) / 1000
        rmSync(memory)
      } catch {
        // A signal ended it.
      }
      resolve({ code, signal, stdout, stderr, seconds: (performance.now() - started) / 1000, megabytes })
    })
  })
}

/** Runs a command that must succeed. */
export async function succeed(place, parameters, options) {
  const ended = await convzoo(place, parameters, options)
  if (ended.code !== 0) {
    throw new Error(`convzoo ${parameters.join(' ')} ended with ${ended.code ?? ended.signal}:\n${ended.stderr}`)
  }
  return ended
}

/** MB that a refusal may take beyond what the command takes anyway. */
const refusalMegabytes = 256

/** What the commands take on something harmless. */
const usualMegabytes = 230

/**
 * Runs a command that must be refused as a fault of the user: exit code 2, one message that names what is wrong, no stack, no defect, in
 * bounded time and memory, and nothing on the terminal that it would obey.
 */
export async function refuse(place, parameters, names, options = {}) {
  const ended = await convzoo(place, parameters, { seconds: 6 * refusalSeconds, ...options })
  const command = `convzoo ${parameters.join(' ')}`
  const said = `${command} said:\n${ended.stdout}${ended.stderr}`
  if (ended.code !== 2) throw new Error(`It ended with ${ended.code ?? ended.signal} instead of 2. ${said}`)
  if (/defect of convzoo|^\s+at .*:\d+:\d+/m.test(ended.stderr)) throw new Error(`It calls itself defect. ${said}`)
  for (const name of [names].flat()) {
    const isThere = name instanceof RegExp ? name.test(ended.stderr) : ended.stderr.includes(name)
    if (!isThere) throw new Error(`It does not say ${name}. ${said}`)
  }
  requireHarmless(ended)
  if (ended.megabytes > usualMegabytes + refusalMegabytes) throw new Error(`It took ${ended.megabytes} MB. ${said}`)
  if (ended.seconds > refusalSeconds * patience() && options.seconds === undefined) {
    throw new Error(`It took ${ended.seconds.toFixed(1)} s. ${said}`)
  }
  return ended
}

/** Nothing that a terminal obeys may be written, since no colours are asked for. */
export function requireHarmless({ stdout, stderr }) {
  const found = /(?![\n\t\u200c\u200d])[\p{Cc}\p{Cf}]/u.exec(stdout + stderr)
  if (found === null) return
  const code = found[0].codePointAt(0).toString(16)
  throw new Error(`U+${code.padStart(4, '0')} reaches the terminal: ${JSON.stringify((stdout + stderr).slice(0, 500))}`)
}

/** @throws unless two values are the same as JSON. */
export function same(received, expected, what) {
  const [one, other] = [received, expected].map((value) => JSON.stringify(value))
  if (one !== other) throw new Error(`${what}: ${one} instead of ${other}`)
}

/** @throws unless a text matches. */
export function says(text, pattern, what = 'The output') {
  const isThere = pattern instanceof RegExp ? pattern.test(text) : text.includes(pattern)
  if (!isThere) throw new Error(`${what} does not say ${pattern}:\n${text.slice(0, 3000)}`)
}
