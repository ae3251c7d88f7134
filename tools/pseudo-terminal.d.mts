import type { SpawnOptionsWithoutStdio } from 'node:child_process'

export declare const noTerminal: string | undefined
export declare const controlC: string

export declare function startOnTerminal(
  command: readonly string[],
  options?: SpawnOptionsWithoutStdio,
): {
  readonly press: (keys: string) => void
  readonly isRunning: () => boolean
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>
}
