// A program that takes part in a bench: it is sent a line of JSON and answers with one, in its own time or not at all.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { endGroup, lastLines, remember } from '../../gpu/process.mjs'

/** Starts a program. What it says on stderr is kept, for the reason why it ended. */
export function startContestant(name, program, parameters, { cwd, env = {} } = {}) {
  const how = { stdio: ['pipe', 'pipe', 'pipe'], detached: true, cwd, env: { ...process.env, ...env } }
  const child = remember(spawn(program, parameters, how))
  let stderr = ''
  child.stderr.on('data', (text) => {
    stderr = (stderr + text).slice(-4000)
  })
  const ended = new Promise((resolve) => {
    child.on('error', ({ message }) => resolve(message))
    child.on('close', (code, signal) => resolve(`it ended with ${signal ?? `code ${code}`}: ${lastLines(stderr)}`))
  })
  // It may have ended when it is written to; that is seen by what it does not answer.
  child.stdin.on('error', () => {})
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const contestant = {
    name,
    /** Why it takes no part any more; undefined as long as it does. */
    failure: undefined,
    /** Sends a question, if there is one, and waits for the answer; undefined where none came, and the contestant is out. */
    async ask(question, limit) {
      if (contestant.failure !== undefined) return undefined
      if (question !== undefined) child.stdin.write(`${JSON.stringify(question)}\n`)
      let timer
      const late = new Promise((resolve) => {
        timer = setTimeout(() => resolve(`it did not answer within ${Math.round(limit / 1000)} s`), limit)
      })
      const answer = await Promise.race([answerOf(lines, ended), late])
      clearTimeout(timer)
      if (typeof answer !== 'string') return answer
      contestant.failure = answer
      endGroup(child)
      return undefined
    },
    /** Lets it end by itself, and ends it where it does not. */
    async end() {
      child.stdin.end()
      const timer = setTimeout(() => endGroup(child), 10_000)
      await ended
      clearTimeout(timer)
    },
  }
  return contestant
}

/** What the next line says, or in words why there is none. */
async function answerOf(lines, ended) {
  const { value, done } = await lines.next()
  if (done) return ended
  try {
    return JSON.parse(value)
  } catch {
    return `it said ${value}`
  }
}
