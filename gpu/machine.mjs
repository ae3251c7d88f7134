// What the machine is, as far as its figures need it.
import { cpus, release, totalmem } from 'node:os'
import { saidBy } from './process.mjs'

const asked = ['name', 'driver_version', 'memory.total', 'compute_cap', 'clocks.max.sm', 'power.limit']

/** The first GPU as NVIDIA's own program tells of it; undefined where there is none. */
async function nvidia() {
  const line = await saidBy('nvidia-smi', '--id=0', `--query-gpu=${asked.join(',')}`, '--format=csv,noheader')
  if (line === undefined) return undefined
  const values = line.split(',').map((value) => value.trim())
  return Object.fromEntries(asked.map((name, index) => [name, values[index]]))
}

const askTorch = `import json, sys, torch
print(json.dumps({"python": sys.version.split()[0], "torch": torch.__version__, "cuda": torch.version.cuda,
  "cudnn": torch.backends.cudnn.version(), "available": torch.cuda.is_available()}))`

/** What PyTorch the given Python has; undefined where it has none. */
async function torch(python) {
  const line = await saidBy(python, '-c', askTorch)
  return line === undefined ? undefined : JSON.parse(line.split('\n').at(-1))
}

export async function describeMachine(python) {
  const processors = cpus()
  return {
    date: new Date().toISOString(),
    system: `${process.platform} ${process.arch} ${release()}`,
    node: process.version,
    cpu: { model: processors[0]?.model.trim(), count: processors.length },
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    gpu: (await nvidia()) ?? null,
    pytorch: (await torch(python)) ?? null,
  }
}

/** MiB of the first GPU that are taken, by whomever; undefined where nobody says. */
export async function takenOfGpu() {
  const line = await saidBy('nvidia-smi', '--id=0', '--query-gpu=memory.used', '--format=csv,noheader,nounits')
  return line === undefined ? undefined : Number(line)
}
