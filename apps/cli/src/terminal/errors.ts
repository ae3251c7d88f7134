import { ConvzooError } from '@convzoo/core'
import pc from 'picocolors'

/** Prints what went wrong and gives the exit code: 2 for what a user can mend, 1 for a defect of ours. */
export function reportError(error: unknown, debug: boolean): number {
  const ours = !ConvzooError.isInstance(error) || error.kind === 'internal'
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(`${pc.red('error:')} ${message}\n`)
  if (debug && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`)
  else if (ours) process.stderr.write('This is a defect of convzoo; --debug shows where it happened.\n')
  return ours ? 1 : 2
}
