import { type Initializer, type InitializerInput, initializer } from '../initializers/index.js'
import { invalid, isOptionsObject, matching, type Option, required } from '../options/index.js'

/** How a slot starts: as a weight of its shape would, or as a copy of the weight that it stands beside. */
export type SlotStart = Initializer | 'weight'

/** {@link SlotStart} as an author writes it. */
export type SlotStartInput = InitializerInput | 'weight'

const slotStart: Option<SlotStartInput, SlotStart> = required(
  `"weight", or an initializer: ${initializer.expected}`,
  (value, subject) => (value === 'weight' ? value : initializer.parse(value, subject)),
)

/** Former names of slots, by name. */
export const formerSlotNames: Option<Readonly<Record<string, string>>, Readonly<Record<string, string>>> = matching(
  'an object of former names by the names of slots',
  (given): given is Readonly<Record<string, string>> =>
    isOptionsObject(given) && Object.values(given).every((name) => typeof name === 'string' && name !== ''),
)

/** Slots by name and how each starts; a slot without a start is not kept. */
export const slotStarts: Option<
  Readonly<Record<string, SlotStartInput | undefined>>,
  Readonly<Record<string, SlotStart>>
> = required('an object of "weight" or initializers by the names of slots', (given, subject) => {
  if (!isOptionsObject(given)) return invalid
  const starts: Record<string, SlotStart> = {}
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue
    const start = slotStart.parse(value, subject)
    if (start === invalid) return invalid
    starts[name] = start
  }
  return starts
})
