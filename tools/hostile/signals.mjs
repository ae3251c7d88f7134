// Ctrl-C and its like, as terminals, package managers and other programs deliver them.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { builtCli } from '../build.mjs'
import { inTheMidst, long } from './running.mjs'
import { same, says, succeed } from './sandbox.mjs'
import { shell } from './shell.mjs'
import { photographs } from './tiny-run.mjs'

export const kind = 'signals'

const stopped = (signal, code, times = 1, pause = 0) => ({
  name: `${times === 1 ? 'one' : times} ${signal}${times > 1 ? ` within ${pause} ms` : ''}: a run that serves and goes on`,
  async run(place) {
    const ended = await inTheMidst(place, async (child) => {
      for (let time = 0; time < times; time++) {
        child.kill(signal)
        if (time < times - 1) await sleep(pause)
      }
    })
    same(ended.code, code, 'exit code')
    const { run, data } = ended
    const predicted = await succeed(place, ['predict', run, join(data, 'apple', '0.jpg')])
    says(predicted.stderr, /step|checkpoint/, 'stderr')
    await succeed(place, ['evaluate', run])
    if (!existsSync(join(run, 'curves.svg'))) throw new Error('There are no curves.')
    if (readdirSync(join(run, 'checkpoints')).length === 0) throw new Error('There is no checkpoint.')
  },
})

/** Terminals on which Ctrl-C reaches a whole group of processes at once. */
const pseudo = `
import os, pty, select, signal, sys, time
run, program = sys.argv[1], sys.argv[2:]
child, terminal = pty.fork()
if child == 0:
    os.execvp(program[0], program)
metrics = os.path.join(run, 'metrics.jsonl')
seen, pressed, began = b'', False, time.time()
while time.time() - began < 100:
    ready, _, _ = select.select([terminal], [], [], 0.05)
    if ready:
        try:
            part = os.read(terminal, 65536)
        except OSError:
            break
        if not part:
            break
        seen += part
    if not pressed and os.path.exists(metrics) and open(metrics).read().count('\\n') > 5:
        os.write(terminal, b'\\x03')
        pressed = True
else:
    os.kill(child, signal.SIGKILL)
_, status = os.waitpid(child, 0)
sys.stdout.write(seen.decode('utf8', 'replace')[-3000:])
sys.exit(0 if pressed else 1)
`

const starters = {
  'plain node': (cli) => [process.execPath, cli],
  npx: () => ['npx', '--no-install', 'convzoo'],
  'npm exec': () => ['npm', 'exec', '--no', '--', 'convzoo'],
  pnpm: () => ['npx', '--yes', 'pnpm@10.34.9', 'exec', 'convzoo'],
}

const terminals = Object.entries(starters).map(([name, starter]) => ({
  name: `one Ctrl-C on a terminal, started by ${name}`,
  async run(place) {
    const data = await photographs(join(place, 'fruit'))
    const run = join(place, 'run')
    const root = fileURLToPath(new URL('../..', import.meta.url))
    const parameters = ['-c', pseudo, run, ...starter(builtCli()), ...long(data, run)]
    const result = spawnSync('python3', parameters, { cwd: root, encoding: 'utf8', timeout: 150_000 })
    if (result.status !== 0) throw new Error(`It was never pressed:\n${result.stdout}${result.stderr}`)
    for (let tries = 0; tries < 100 && existsSync(join(run, 'lock')); tries++) await sleep(100)
    const steps = readdirSync(join(run, 'checkpoints')).map((file) => Number(/\d+/.exec(file)?.[0]))
    const last = readFileSync(join(run, 'metrics.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    const done = last.filter(({ type }) => type === 'step').length
    same(Math.max(...steps), done, `the newest checkpoint is of the last step; the terminal showed\n${result.stdout}\n`)
  },
}))

export const cases = [
  stopped('SIGINT', 130),
  stopped('SIGTERM', 143),
  stopped('SIGHUP', 129),
  stopped('SIGINT', 130, 2, 50),
  stopped('SIGTERM', 143, 2, 5),
  stopped('SIGINT', 130, 3, 100),
  {
    name: 'a second press that is meant stops at once',
    async run(place) {
      const ended = await inTheMidst(
        place,
        async (child) => {
          child.kill('SIGSTOP')
          child.kill('SIGINT')
          child.kill('SIGCONT')
          await sleep(1800)
          child.kill('SIGINT')
        },
        { parameters: (data, run) => [...long(data, run), '--input', '227x227x3', '--batch-size', '8'] },
      )
      if (ended.code !== 130 && ended.signal !== 'SIGINT')
        throw new Error(`It ended with ${ended.code ?? ended.signal}.`)
    },
  },
  {
    name: 'GNU timeout',
    async run(place) {
      const data = await photographs(join(place, 'fruit'))
      const run = join(place, 'run')
      const { status } = shell(place, `timeout 8 "$NODE" "$CLI" ${long(data, run).join(' ')} > log.txt 2>&1`)
      same(status, 124, 'exit code of timeout')
      await succeed(place, ['evaluate', run])
    },
  },
  {
    name: 'predict and evaluate on a run that still trains',
    async run(place) {
      await inTheMidst(place, async (child, run, data) => {
        while (child.exitCode === null && !existsSync(join(run, 'checkpoints'))) await sleep(10)
        await succeed(place, ['predict', run, join(data, 'apple', '0.jpg')])
        await succeed(place, ['evaluate', run])
        child.kill('SIGINT')
      })
    },
  },
  ...terminals,
]
