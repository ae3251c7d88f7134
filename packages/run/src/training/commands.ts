import { join } from 'node:path'
import { requireArguments } from '@convzoo/core/define'
import { pathOption } from '@convzoo/files'
import { shellWord } from '../config/shell-word.js'

/** What goes on with a run on the command line. */
export function resumeCommand(path: string): string {
  requireArguments('resumeCommand', { path: [pathOption, path] })
  return `convzoo train --resume ${shellWord(path)}`
}

/** What trains the same anew on the command line. */
export function repeatCommand(path: string): string {
  requireArguments('repeatCommand', { path: [pathOption, path] })
  return `convzoo train --config ${shellWord(join(path, 'config.json'))}`
}

/** What says on the command line how well a run does, class by class. */
export function evaluateCommand(path: string): string {
  requireArguments('evaluateCommand', { path: [pathOption, path] })
  return `convzoo evaluate ${shellWord(path)}`
}

/** What predicts with a run on the command line, but for the pictures, which follow it. */
export function predictCommand(path: string): string {
  requireArguments('predictCommand', { path: [pathOption, path] })
  return `convzoo predict ${shellWord(path)}`
}
