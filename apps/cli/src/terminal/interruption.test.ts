import { afterEach, describe, expect, it, vi } from 'vitest'
import { takenFor } from '../../../../tools/system-faults.mjs'
import { watchInterruption } from './interruption.js'

afterEach(() => {
  vi.restoreAllMocks()
})

/** What becomes of signals at these seconds: the exit code, what was said, and the signal that ended the process. */
function after(...presses: readonly (readonly [seconds: number, name: NodeJS.Signals])[]) {
  const now = vi.spyOn(performance, 'now')
  const kill = vi.spyOn(process, 'kill').mockClear().mockReturnValue(true)
  const lines: string[] = []
  using interruption = watchInterruption((line) => lines.push(line))
  for (const [seconds, name] of presses) {
    now.mockReturnValue(1000 * seconds)
    process.emit(name, name)
  }
  const { exitCode, signal } = interruption
  return { exitCode, stopped: signal.aborted, lines: lines.length, killed: kill.mock.calls.map(([, name]) => name) }
}

describe('a watch for interruptions', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGBREAK', 149],
  ] as const)('stops at %s, with the exit code that shells know', (name, exitCode) => {
    expect(after([5, name])).toEqual({ exitCode, stopped: true, lines: 1, killed: [] })
  })

  it('takes what comes within a second of the first for the same press', () => {
    const once = after([5, 'SIGINT'], [5.01, 'SIGINT'], [5.2, 'SIGTERM'], [5.9, 'SIGHUP'])
    expect(once).toEqual({ exitCode: 130, stopped: true, lines: 1, killed: [] })
  })

  it('ends the process at once at a later press', () => {
    expect(after([5, 'SIGINT'], [5.1, 'SIGINT'], [6.1, 'SIGINT']).killed).toEqual(['SIGINT'])
    expect(after([5, 'SIGINT'], [60, 'SIGTERM']).killed).toEqual(['SIGTERM'])
  })

  it('on Windows ends by what can be sent there, and lets a console that closes take its time', () => {
    using _ = takenFor('win32')
    expect(after([5, 'SIGINT'], [9, 'SIGINT']).killed).toEqual(['SIGKILL'])
    expect(after([5, 'SIGBREAK'], [9, 'SIGBREAK']).killed).toEqual(['SIGKILL'])
    expect(after([5, 'SIGINT'], [9, 'SIGHUP'])).toEqual({ exitCode: 130, stopped: true, lines: 1, killed: [] })
    expect(after([5, 'SIGHUP'])).toEqual({ exitCode: 129, stopped: true, lines: 1, killed: [] })
  })

  it('leaves signals alone once it is disposed', () => {
    const before = process.listenerCount('SIGHUP')
    after([5, 'SIGINT'])
    expect(process.listenerCount('SIGHUP')).toBe(before)
  })
})
