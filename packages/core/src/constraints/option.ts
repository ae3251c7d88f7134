import { fieldsOf, invalid, isOptionsObject, type Option, required, written } from '../options/index.js'

/**
 * What is done to a weight after each update, as plain data. A filter is what one output sees: all axes of the weight but the last, so
 * [kh, kw, Cin / groups] of a convolution's kernel and [in] of a dense one.
 */
export type Constraint =
  /** A filter whose Euclidean norm is above `maximum` is scaled to it. Source: Srivastava et al., JMLR 2014; Keras' `MaxNorm`. */
  | { readonly type: 'maxNorm'; readonly maximum: number }
  /** Every filter is scaled to Euclidean norm 1; one of zeros stays. Keras' `UnitNorm`. */
  | { readonly type: 'unitNorm' }
  /** A filter whose root mean square is above `maximum` is scaled to it. Source: Zeiler and Fergus, ECCV 2014, section 3.1. */
  | { readonly type: 'maxRms'; readonly maximum: number }

/** A constraint as data; the makers in `constraints/` give it. */
export const constraint: Option<Constraint, Constraint> = written(
  {
    type: 'object',
    properties: { type: { enum: ['maxNorm', 'unitNorm', 'maxRms'] }, maximum: { type: 'number', exclusiveMinimum: 0 } },
    required: ['type'],
    additionalProperties: false,
  },
  required('maxNorm or maxRms with a maximum above 0, or unitNorm', (value) => {
    const { type, maximum, ...others }: Readonly<Record<string, unknown>> = isOptionsObject(value)
      ? fieldsOf(value)
      : {}
    if (Object.keys(others).length > 0) return invalid
    if (type === 'unitNorm') return maximum === undefined ? { type } : invalid
    const fits = typeof maximum === 'number' && Number.isFinite(maximum) && maximum > 0
    return fits && (type === 'maxNorm' || type === 'maxRms') ? { type, maximum } : invalid
  }),
)
