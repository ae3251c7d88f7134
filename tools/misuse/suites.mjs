// The kinds of programs, in the order in which they run.
import * as orders from './orders.mjs'
import * as readers from './readers.mjs'
import * as states from './states.mjs'

export const suites = [orders, states, readers]
