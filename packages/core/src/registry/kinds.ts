import type { Architecture, ArchitectureTag } from '../contracts/index.js'
import { isOptionsObject, matching, type Option } from '../options/index.js'

/** Its defaults and its build are looked at where they are used, which names the network. */
const isTag = (tag: unknown): boolean => isOptionsObject(tag) && isOptionsObject(Reflect.get(tag, 'preprocessing'))

/** What an architecture's package describes; what it says is looked at where it is used. */
export const architectureKind: Option<Architecture, Architecture> = matching(
  'an architecture, as defineArchitecture gives it: with a name, a package, a paper, and tags, each { defaults, preprocessing, build }',
  (given): given is Architecture =>
    isOptionsObject(given) &&
    'name' in given &&
    typeof given.name === 'string' &&
    'package' in given &&
    isOptionsObject(given.package) &&
    'tags' in given &&
    isOptionsObject(given.tags) &&
    Object.values(given.tags).every(isTag) &&
    'paper' in given &&
    isOptionsObject(given.paper) &&
    typeof Reflect.get(given.paper, 'title') === 'string' &&
    (!('deprecated' in given) || given.deprecated === undefined || isOptionsObject(given.deprecated)),
)

const isList = (given: unknown): boolean => Array.isArray(given) && given.every((each) => typeof each === 'number')

/** The part of a tag from which preprocessing follows. */
export const preprocessedTag: Option<
  Pick<ArchitectureTag, 'defaults' | 'preprocessing'>,
  Pick<ArchitectureTag, 'defaults' | 'preprocessing'>
> = matching(
  'a tag of an architecture, such as alexnet.tags.notebook',
  (given): given is ArchitectureTag =>
    isOptionsObject(given) &&
    'defaults' in given &&
    isOptionsObject(given.defaults) &&
    'input' in given.defaults &&
    isList(given.defaults.input) &&
    'preprocessing' in given &&
    isOptionsObject(given.preprocessing) &&
    'mean' in given.preprocessing &&
    isList(given.preprocessing.mean) &&
    'standardDeviation' in given.preprocessing &&
    isList(given.preprocessing.standardDeviation),
)
