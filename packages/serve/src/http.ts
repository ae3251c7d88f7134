/**
 * How packages of convzoo answer over HTTP: where they listen, and how they refuse.
 *
 * @packageDocumentation
 */

export { faultOf, HttpFault, type ShownError } from './http/faults.js'
export { commonHeaders } from './http/headers.js'
export { type Listening, listen } from './http/listen.js'
