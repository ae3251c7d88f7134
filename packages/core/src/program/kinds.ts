import type { Graph } from '../graph/index.js'
import { isOptionsObject, matching, type Option } from '../options/index.js'
import type { Program } from './program.js'

const isState = (given: unknown): given is Program['state'] =>
  Array.isArray(given) &&
  given.every(
    (spec: unknown) => isOptionsObject(spec) && 'name' in spec && 'shape' in spec && Array.isArray(spec.shape),
  )

/** What holds a program's state. */
export const stateKind: Option<Pick<Program, 'state'>, Pick<Program, 'state'>> = matching(
  'a program, as createProgram gives it',
  (given): given is Pick<Program, 'state'> => isOptionsObject(given) && 'state' in given && isState(given.state),
)

const isGraph = (given: unknown): given is Graph =>
  isOptionsObject(given) &&
  ['nodes', 'inputs', 'outputs', 'assignments'].every((list) => Array.isArray(Reflect.get(given, list)))

/** One function of a program. */
export const graphKind: Option<Graph, Graph> = matching('a graph, as GraphBuilder.finish gives it', isGraph)

/** State and functions: what an engine compiles. */
export const programKind: Option<Program, Program> = matching(
  'a program, as createProgram gives it',
  (given): given is Program =>
    isOptionsObject(given) &&
    'state' in given &&
    isState(given.state) &&
    'functions' in given &&
    isOptionsObject(given.functions) &&
    Object.values(given.functions).every(isGraph),
)
