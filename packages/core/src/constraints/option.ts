import { fieldsOf, invalid, isOptionsObject, type Option, required } from '../options/index.js'
import type { Constraint } from './constraint.js'

/** A constraint as data; the makers in `constraints/` give it. */
export const constraint: Option<Constraint, Constraint> = required(
  'maxNorm or maxRms with a maximum above 0, or unitNorm',
  (value) => {
    const { type, maximum, ...others }: Readonly<Record<string, unknown>> = isOptionsObject(value)
      ? fieldsOf(value)
      : {}
    if (Object.keys(others).length > 0) return invalid
    if (type === 'unitNorm') return maximum === undefined ? { type } : invalid
    const fits = typeof maximum === 'number' && Number.isFinite(maximum) && maximum > 0
    return fits && (type === 'maxNorm' || type === 'maxRms') ? { type, maximum } : invalid
  },
)
