import { once } from 'node:events'
import type { Command } from 'commander'
import { numberBetween } from '../terminal/arguments.js'
import { watchInterruption } from '../terminal/interruption.js'
import { say, warn } from '../terminal/output.js'

/** Reads the port of a page. */
export const portOf = (option: string): ((text: string) => number) => numberBetween(option, 0, 65535)

export function addLive(program: Command): void {
  program
    .command('live')
    .description(
      'Shows a run in the browser while it goes on, and when it does not: curves, mistakes, configuration. Ctrl-C ends the page, not the run.',
    )
    .argument('<run>', 'the folder that `convzoo train` made, or makes')
    .option('--port <number>', 'which port of 127.0.0.1 (any that is free)', portOf('--port'))
    .action(showRun)
}

async function showRun(folder: string, { port }: { readonly port?: number }): Promise<void> {
  using interruption = watchInterruption((line) => void warn(line), 'The page ends; the run does not.')
  const { liveRun } = await import('@convzoo/report')
  await using live = await liveRun(folder, { port, onWarning: (line) => void warn(line) })
  await say(live.url)
  if (!interruption.signal.aborted) await once(interruption.signal, 'abort')
}
