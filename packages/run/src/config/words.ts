import { requireArguments, text } from '@convzoo/core/define'

/** How the command line writes settings whose flag is not the setting's own name. */
const flags: Readonly<Record<string, string>> = {
  'network.id': '<id>',
  'data.source': '--data',
  'optimizer.name': '--optimizer',
  'optimizer.clipping': '--clip-norm',
  'schedule.name': '--schedule',
  'schedule.every': '--decay-every',
  'schedule.steps': '--decay-every',
  'schedule.final': '--final-learning-rate',
  'loss.name': '--loss',
  'checkpoints.everySteps': '--checkpoint-every',
  'checkpoints.keep': '--checkpoint-keep',
  'checkpoints.storage': '--checkpoint-storage',
  'checkpoints.monitor': '--checkpoint-monitor',
  'checkpoints.everyMinutes': '--checkpoint-minutes',
  'engine.name': '--engine',
  callbacks: '--callback',
  metrics: '--metric',
}

/** A setting as messages name it, which is how the command line writes it: `training.batchSize` is `--batch-size`. */
export function settingWords(path: string): string {
  requireArguments('settingWords', { path: [text, path] })
  const name = path.slice(path.indexOf('.') + 1)
  return Object.hasOwn(flags, path) ? (flags[path] ?? name) : `--${hyphenated(name)}`
}

/** `batch-size` of `batchSize`. */
export function hyphenated(name: string): string {
  requireArguments('hyphenated', { name: [text, name] })
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
