import { benchGpu } from '../../bench/gpu/bench.mjs'
import { table } from '../../bench/gpu/statistics.mjs'

/** AlexNet on each device and in PyTorch, in turns. */
export async function benchPart({ failures, missing, ...context }) {
  if (context.machine.pytorch === null) missing.push(`PyTorch is not measured: ${context.python} has none`)
  const contestants = await benchGpu(context)
  console.log(table(contestants))
  for (const { name, failure, cases } of contestants) {
    if (failure !== undefined) failures.push(`${name}: ${failure}`)
    else if (cases.every(({ ms }) => ms === undefined)) failures.push(`${name}: nothing was measured`)
    for (const { mode, batch, error } of cases)
      if (error !== undefined) missing.push(`${name}, ${mode} ${batch}: ${error}`)
  }
  return { bench: context.settings.bench, contestants }
}
