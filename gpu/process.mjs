// Programs that are given so much time and no more.
import { spawn } from 'node:child_process'

/** What runs now, each in a group of its own, which no signal to this process reaches. */
const running = new Set()

/** Keeps a detached process in mind until it ends. */
export function remember(child) {
  running.add(child)
  child.on('close', () => running.delete(child))
  return child
}

/** Ends all that runs. */
export function endAll() {
  for (const child of running) endGroup(child)
}

/**
 * Runs a program to its end, or ends it, and what it started, when its time is over.
 *
 * @param limit Milliseconds.
 * @returns `failure` says in one line why it did not end well; undefined where it did.
 */
export function runProgram(program, parameters, { limit, cwd, env = {} }) {
  return new Promise((resolve) => {
    const how = { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true }
    const child = remember(spawn(program, parameters, how))
    let [stdout, stderr, isLate] = ['', '', false]
    child.stdout.on('data', (text) => {
      stdout += text
    })
    child.stderr.on('data', (text) => {
      stderr += text
    })
    const timer = setTimeout(() => {
      isLate = true
      endGroup(child)
    }, limit)
    const done = (failure) => {
      clearTimeout(timer)
      resolve({ stdout, stderr, failure })
    }
    child.on('error', ({ message }) => done(message))
    child.on('close', (code, signal) => {
      if (isLate) return done(`it was not done after ${Math.round(limit / 1000)} s`)
      done(code === 0 ? undefined : `it ended with ${signal ?? `code ${code}`}: ${lastLines(stderr || stdout)}`)
    })
  })
}

/** Ends a detached process and all that it has started. */
export function endGroup({ pid }) {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

export const lastLines = (text, count = 12) => text.trim().split('\n').slice(-count).join('\n')

/** What a program says, or undefined where it is not there or fails. */
export async function saidBy(program, ...parameters) {
  const { stdout, failure } = await runProgram(program, parameters, { limit: 20_000 })
  return failure === undefined ? stdout.trim() : undefined
}
