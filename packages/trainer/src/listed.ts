import { printable } from '@convzoo/core/define'

/** Names in a message: a few of them, and how many more there are. Each is cut where it is long. */
export function listed(names: readonly string[], most = 6): string {
  const shown = names.slice(0, most).map((name) => printable(name, 60))
  return names.length > most ? `${shown.join(', ')} and ${names.length - most} more` : shown.join(', ')
}
