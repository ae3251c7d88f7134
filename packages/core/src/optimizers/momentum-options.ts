import { boolean, described, optional } from '../options/index.js'
import { fraction } from './options.js'

/** The options of rules with momentum. */
export const momentumOptions = {
  /** From 0 to 1; 0 by default. */
  momentum: described('factor of the velocity', optional(fraction, 0)),
  /** False by default. */
  nesterov: described("Nesterov's momentum", optional(boolean, false)),
}
