import { isOptionsObject, matching, type Option, requireArguments } from '../options/index.js'
import { type DeviceReport, deviceKinds } from './engine.js'

type Rank = Pick<DeviceReport, 'kind' | 'preference'>

const reportKind: Option<Rank, Rank> = matching(
  'what devices() of an engine reports',
  (given): given is DeviceReport => isOptionsObject(given) && typeof Reflect.get(given, 'device') === 'string',
)

/**
 * Which of two devices is chosen before the other, for `toSorted`: below 0 for the first. The kind decides, then the preference that the
 * engines state; devices that are alike stay as they stand. Whether they are available is not looked at.
 *
 * @throws ConvzooError of kind `option` for what is no report.
 * @example
 * const [best] = reports.filter(({ available }) => available).toSorted(compareDevices)
 */
export function compareDevices(a: DeviceReport, b: DeviceReport): number {
  requireArguments('compareDevices', { a: [reportKind, a], b: [reportKind, b] })
  return place(a) - place(b) || preferenceOf(b) - preferenceOf(a)
}

/** A kind that this version does not know stands with the processors. */
function place({ kind = 'cpu' }: Rank): number {
  const found = deviceKinds.indexOf(kind)
  return found < 0 ? deviceKinds.indexOf('cpu') : found
}

const preferenceOf = ({ preference = 0 }: Rank): number => (Number.isFinite(preference) ? preference : 0)
