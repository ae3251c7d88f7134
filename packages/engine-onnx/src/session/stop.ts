/**
 * An output that onnxruntime-node cannot hand over: a sequence. After a run it makes a new array of each output that was asked for, in the
 * model's order, and copies the output there, even if the caller gave an array that the session has just written: for weights and
 * velocities that is a quarter of a training step. It gives up, with an error, at the first output that is no tensor. So a model
 * has this output first, and whoever has given an array for every other output asks for it, too.
 *
 * @see https://github.com/microsoft/onnxruntime/pull/32346, which is to end the copies.
 */
export const stopOutput = 'stop'

/** The tensor of the probe that holds 1. */
export const probeOutput = 'output one'
