// The kinds of programs, in the order in which they run.
import * as aborts from './aborts.mjs'
import * as given from './arguments.mjs'
import * as contexts from './contexts.mjs'
import * as data from './data.mjs'
import * as definitions from './definitions.mjs'
import * as options from './options.mjs'
import * as orders from './orders.mjs'
import * as plugins from './plugins.mjs'
import * as predict from './predict.mjs'
import * as readers from './readers.mjs'
import * as realms from './realms.mjs'
import * as runs from './runs.mjs'
import * as states from './states.mjs'
import * as values from './values.mjs'

export const suites = [
  given,
  options,
  values,
  orders,
  states,
  readers,
  aborts,
  data,
  predict,
  realms,
  plugins,
  definitions,
  runs,
  contexts,
]
