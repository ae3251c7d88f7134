import { balancedAccuracy, f1, precision, recall } from './by-class.js'
import { calibrationError } from './calibration-error.js'
import { topK } from './top-k.js'

/** The trainer's own kinds of metrics, by name: for lists, flags and configurations. */
export const metricDefinitions = { balancedAccuracy, calibrationError, f1, precision, recall, topK } as const
