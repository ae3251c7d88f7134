// How much longer things may take than on an idle machine: twice as long where twice as many wait for each processor.
import { availableParallelism, loadavg } from 'node:os'

export const patience = () => Math.min(Math.max(1, loadavg()[0] / availableParallelism()), 6)
