import { printable } from '@convzoo/core/define'
import { usualMetrics } from '@convzoo/run/config'
import { namesOf } from '@convzoo/run/plugins'
import type { Flag } from './flag.js'

/** Reads `topK:k=3,f1`, or `none`: what a configuration lists. */
const readMetrics = (text: string): readonly string[] =>
  text === 'none' ? [] : text.split(',').map((part) => part.trim())

/** What is measured besides loss, top-1 and top-5. */
export const metricFlag = (): Flag => ({
  name: '--metric',
  path: 'metrics',
  group: 'Metrics',
  description: `none, or a list such as topK:k=3,f1:byClass=true, of ${namesOf('metric')
    .map((name) => printable(name, 60))
    .join(', ')} (${usualMetrics.join(',')})`,
  value: '<list>',
  read: readMetrics,
})
