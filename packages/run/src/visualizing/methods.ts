/** What of a network can be looked at, by name. */
export const visualizeMethods = [
  'filters',
  'activations',
  'deconvnet',
  'evolution',
  'occlusion',
  'gradient',
  'smooth-grad',
  'integrated-gradients',
  'guided',
  'grad-cam',
  'class-maps',
] as const

export type VisualizeMethod = (typeof visualizeMethods)[number]

/** What each method looks like in words, and which options it takes besides the images. */
export const methods: Readonly<Record<VisualizeMethod, { readonly shows: string; readonly takes: readonly string[] }>> =
  {
    filters: { shows: 'the filters of a convolution', takes: ['layer'] },
    activations: { shows: 'what a layer gives for each image', takes: ['layer'] },
    deconvnet: {
      shows: 'what the maps of a layer like most, carried back to pixels',
      takes: ['layer', 'units', 'count'],
    },
    evolution: {
      shows: 'how what the maps of a layer like most came to be, checkpoint by checkpoint',
      takes: ['layer', 'units'],
    },
    occlusion: {
      shows: 'what the network finds while a square covers a part',
      takes: ['layer', 'class', 'square', 'stride'],
    },
    gradient: { shows: 'the gradient of the score of a class', takes: ['class'] },
    'smooth-grad': { shows: 'the mean gradient of noisy copies', takes: ['class', 'samples'] },
    'integrated-gradients': { shows: 'gradients on the way from a baseline', takes: ['class', 'steps'] },
    guided: { shows: 'the gradient of which rectifiers pass what is positive', takes: ['class'] },
    'grad-cam': { shows: 'where a layer found what speaks for a class', takes: ['layer', 'class'] },
    'class-maps': { shows: 'the maps from which the network reads its classes', takes: ['class'] },
  }
