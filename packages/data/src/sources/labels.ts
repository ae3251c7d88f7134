import { inOneForm, isDamaged } from './names.js'

/** A class as it is called, or why what is given cannot be one. */
export type Label = { readonly className: string } | { readonly reason: string }

/** UTF-16 units of a class's name. */
const longestLabel = 200

/**
 * The class that a label of any source stands for: the name of a folder, the text of a `.cls`, a value of JSON. Texts lose the space
 * around them and have one form of Unicode; whole numbers are names too.
 */
export function labelOf(value: unknown): Label {
  if (typeof value === 'number' && Number.isFinite(value)) return { className: String(value) }
  if (typeof value !== 'string') return { reason: 'a label that is neither a text nor a number' }
  const className = inOneForm(value).trim()
  if (isDamaged(className)) return { reason: 'a label that is no text of UTF-8' }
  if (className === '') return { reason: 'an empty label' }
  if (className === '.' || className === '..') return { reason: `a label that names no class: ${className}` }
  if (className.length > longestLabel) return { reason: `a label of more than ${longestLabel} characters` }
  return { className }
}
