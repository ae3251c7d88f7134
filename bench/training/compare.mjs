// Trains AlexNet beside PyTorch on the same work and prints both rates and their ratio.
//
//   pnpm bench:training [--rounds 5] [--steps 4] [--batch-size 32] [--input 227x227x3] [--classes 1000] [--python python3]
//
// The peer is whatever PyTorch the given Python has. On Debian: apt-get install python3-torch libopenblas0-pthread
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compete, contestant, workOf } from '../contest.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const { values, work } = workOf({ python: 'python3' })
const [ours, peer] = await compete(
  [
    contestant('convzoo', process.execPath, [join(here, 'convzoo.mjs'), ...work]),
    contestant('pytorch', values.python, [join(here, 'pytorch.py'), ...work]),
  ],
  values,
)
console.log(
  `convzoo / pytorch: ${(ours.best / peer.best).toFixed(2)} of the best, ${(ours.median / peer.median).toFixed(2)} of the medians`,
)
