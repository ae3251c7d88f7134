/**
 * What needs no file system and runs in browsers, too: texts of JSON that come from outside, and paths as options.
 *
 * @packageDocumentation
 */

export { deepestJson, isJsonObject, type JsonObject, parseJson } from './json.js'
export { pathOption } from './path.js'
