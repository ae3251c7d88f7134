// Processes that take programs one after another. One that hangs, crashes or takes too much memory is known by the program that it ran,
// and another process goes on.
import { fork } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { patience } from '../patience.mjs'

const host = fileURLToPath(new URL('./host.mjs', import.meta.url))

/** Seconds that a program may take on an idle machine. */
const programSeconds = 12

/** MB that a process may hold; the library, loaded, holds about 250. */
const mostMegabytes = 2048

function start(root, onStart) {
  const child = fork(host, [root], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
  let stderr = ''
  child.stderr.on('data', (text) => {
    stderr = (stderr + text).slice(-2000)
  })
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error(`The programs cannot be loaded:\n${stderr}`)))
    child.once('message', ({ names }) => {
      child.removeAllListeners('exit')
      onStart?.(names)
      resolve({ child, said: () => stderr })
    })
  })
}

/** Resident MB of a process, where the system tells. */
function megabytesOf(pid) {
  const path = `/proc/${pid}/statm`
  if (!existsSync(path)) return 0
  try {
    return (Number(readFileSync(path, 'utf8').split(' ')[1]) * 4096) / 1e6
  } catch {
    return 0
  }
}

/** Runs one program: why it is wrong, if it is, and whether its process is of use for another. */
function runIn({ child, said }, name) {
  const seconds = programSeconds * patience()
  return new Promise((resolve) => {
    let why
    const stop = (reason) => {
      why = reason
      child.kill('SIGKILL')
    }
    const timer = setTimeout(() => stop(`It did not end within ${seconds.toFixed(0)} s.`), seconds * 1000)
    const meter = setInterval(() => {
      const megabytes = megabytesOf(child.pid)
      if (megabytes > mostMegabytes) stop(`Its process took ${megabytes.toFixed(0)} MB.`)
    }, 200)
    const finish = (result) => {
      clearTimeout(timer)
      clearInterval(meter)
      child.removeAllListeners('message')
      child.removeAllListeners('exit')
      resolve(result)
    }
    child.once('message', ({ wrong, isBroken }) => finish({ wrong, isBroken }))
    child.once('exit', (code, signal) =>
      finish({ wrong: why ?? `Its process ended with ${code ?? signal}:\n${said()}`, isBroken: true }),
    )
    child.send(name)
  })
}

/**
 * Runs the programs whose names hold `wanted`, as many at once as there are processors, each in a folder of its own below `root`; `onEnd`
 * is told of each.
 */
export async function runPrograms(wanted, root, onEnd) {
  let names
  const first = await start(root, (all) => {
    names = all.filter((name) => name.includes(wanted))
  })
  const queue = [...names]
  const work = async (started) => {
    let process = started
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      process ??= await start(root)
      const { wrong, isBroken } = await runIn(process, name)
      onEnd(name, wrong)
      if (isBroken) {
        process.child.kill('SIGKILL')
        process = undefined
      }
    }
    process?.child.kill()
  }
  await Promise.all(Array.from({ length: availableParallelism() }, (_, index) => work(index === 0 ? first : undefined)))
  return names
}
