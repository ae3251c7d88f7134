import { printable } from '../text/index.js'
import { describeValue } from './describe.js'

const errorKinds = [
  'option', // an option or argument has a bad name or value
  'shape', // shapes do not fit together
  'registry', // an id is unknown or taken
  'specification', // a plugin was written for another version of a contract
  'data', // a dataset's content is wrong
  'file', // a file is missing, foreign or damaged
  'state', // tensors do not match the state they are meant for
  'engine', // an engine or its runtime is missing or failed
  'numeric', // a computation left the finite numbers
  'internal', // a defect of convzoo itself
] as const

/** What went wrong, coarsely: programs branch on this, people read the message. */
export type ErrorKind = (typeof errorKinds)[number]

/** What an error is made of. Its texts may hold anything: they are escaped and cut, each to one line. */
export interface ErrorFields {
  readonly kind: ErrorKind
  /** What happened, in one sentence. */
  readonly message: string
  /** What would have been right. */
  readonly expected?: string
  /** What was there instead. */
  readonly received?: string
  /** What the reader can do about it. */
  readonly hint?: string
  readonly cause?: unknown
}

/** UTF-16 units of a line of an error: room for the longest path. */
const longestLine = 4096

const lineOf = (text: string): string => printable(text, longestLine)

const marker: unique symbol = Symbol.for('convzoo.error/v1')

/**
 * Every error that convzoo raises on purpose. Its message says what happened, what was expected, what was received and how to
 * hint it. Recognise it with {@link ConvzooError.isInstance}, which also holds across two installed copies of core.
 *
 * @example
 * try {
 *   createModel('alexnt')
 * } catch (error) {
 *   if (ConvzooError.isInstance(error) && error.kind === 'registry') console.error(error.message)
 * }
 */
export class ConvzooError extends Error {
  override readonly name = 'ConvzooError'
  readonly [marker] = true
  readonly kind: ErrorKind
  /** What happened, without the lines that follow it in `message`. */
  readonly sentence: string
  readonly expected: string | undefined
  readonly received: string | undefined
  readonly hint: string | undefined

  /** @throws ConvzooError of kind `option` for what describes no error. */
  constructor(fields: ErrorFields) {
    requireFields(fields)
    const sentence = lineOf(fields.message)
    const expected = fields.expected === undefined ? undefined : lineOf(fields.expected)
    const received = fields.received === undefined ? undefined : lineOf(fields.received)
    const hint = fields.hint === undefined ? undefined : lineOf(fields.hint)
    const lines = [sentence]
    if (expected !== undefined) lines.push(`  expected: ${expected}`)
    if (received !== undefined) lines.push(`  received: ${received}`)
    if (hint !== undefined) lines.push(`  hint: ${hint}`)
    super(lines.join('\n'), fields.cause === undefined ? undefined : { cause: fields.cause })
    this.kind = fields.kind
    this.sentence = sentence
    this.expected = expected
    this.received = received
    this.hint = hint
  }

  static isInstance(value: unknown): value is ConvzooError {
    return typeof value === 'object' && value !== null && marker in value
  }

  /** What the error was made of, as plain data that can cross to another thread. The cause stays behind. */
  toFields(): ErrorFields {
    const { kind, sentence, expected, received, hint } = this
    return {
      kind,
      message: sentence,
      ...(expected === undefined ? {} : { expected }),
      ...(received === undefined ? {} : { received }),
      ...(hint === undefined ? {} : { hint }),
    }
  }
}

/** An error for a state that only a defect of convzoo can reach. */
export function internalError(message: string): ConvzooError {
  return new ConvzooError({ kind: 'internal', message, hint: 'please report this: it is a defect of convzoo' })
}

/**
 * An option whose value cannot be used, as an error of kind `option`.
 *
 * @param option as the user knows it: `--epochs`, `"limit"`, `"kernelSize" of layer conv2d`.
 * @example
 * throw unusableOption('"limit"', { expected: 'a whole number of at least 1', received: describeValue(limit) })
 */
export function unusableOption(option: string, fields: Omit<ErrorFields, 'kind' | 'message'>): ConvzooError {
  requireFields(
    typeof fields === 'object' && fields !== null && !Array.isArray(fields)
      ? { kind: 'option', message: option, ...fields }
      : fields,
  )
  return new ConvzooError({
    kind: 'option',
    message: `The option ${option} has a value that cannot be used.`,
    ...fields,
  })
}

const texts = ['expected', 'received', 'hint'] as const satisfies readonly (keyof ErrorFields)[]

function requireFields(given: unknown): asserts given is ErrorFields {
  const fields: Partial<Record<keyof ErrorFields, unknown>> = typeof given === 'object' && given !== null ? given : {}
  const fits =
    errorKinds.some((kind) => kind === fields.kind) &&
    typeof fields.message === 'string' &&
    texts.every((name) => fields[name] === undefined || typeof fields[name] === 'string')
  if (fits) return
  throw new ConvzooError({
    kind: 'option',
    message: 'A ConvzooError was made of what describes no error.',
    expected: `{ kind, message }, and the texts ${texts.join(', ')} if there are any; a kind is one of ${errorKinds.join(', ')}`,
    received: describeValue(given),
  })
}
