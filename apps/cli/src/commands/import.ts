import type { Command } from 'commander'
import { say } from '../terminal/output.js'

interface ImportFlags {
  readonly as: string
  readonly output: string
  readonly classes?: string
}

export function addImport(program: Command): void {
  program
    .command('import')
    .description('Weights that another library trained as ours: .pth and .pt of PyTorch, or its names in safetensors.')
    .argument('<file>', 'what torch.save(model.state_dict(), file) wrote; nothing in it is run')
    .requiredOption('--as <id>', 'which network they are of, such as alexnet.torchvision')
    .requiredOption('-o, --output <file>', 'the safetensors file to write')
    .option('--classes <file>', 'names of the classes, a line each, which are kept with the weights (none)')
    .action(importFile)
}

async function importFile(path: string, { as, output, classes: named }: ImportFlags): Promise<void> {
  const { importWeights } = await import('@convzoo/run')
  const { names, classes } = await importWeights(path, { as, to: output, classes: named })
  await say(`${names.length} weights of ${as}, ${classes} classes: ${output}`)
}
