/**
 * What networks see: the filters and activations of layers, what of an image an activation stands for, and what of it speaks for a class. Everything
 * is computed by the engine that is given, in graphs of core's primitives.
 *
 * @packageDocumentation
 */

export * from './inside/index.js'
