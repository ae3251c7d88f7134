// `pnpm demo`: trains AlexNet on MNIST, on the CPU of a fresh machine. What follows the command is handed on to the command line
// and overrides what stands here: `pnpm demo --seed 2`. `--short` is the same path in less time, for continuous integration.
import { runCli } from './build.mjs'

const job = ['train', 'alexnet', '--data', 'mnist', '--input', '67x67x1', '--device', 'cpu', '--seed', '1']
// 1,000 steps in which the loss falls from the first. Gradients stay as they are: clipping them holds the start back for 300 steps.
const update = ['--optimizer', 'sgdw', '--learning-rate', '0.015', '--schedule', 'cosine', '--weight-decay', '5e-5']
const settings = ['--batch-size', '24', ...update]
const recipe = [...settings, '--limit', '24000']
const shortRecipe = [...settings, '--limit', '640', '--test-limit', '1000']

const given = process.argv.slice(2)
const short = given.includes('--short')

await runCli([...job, ...(short ? shortRecipe : recipe), ...given.filter((parameter) => parameter !== '--short')])
