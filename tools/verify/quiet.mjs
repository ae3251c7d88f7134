// A training keeps to itself: strace shows that it looks up no name, connects to nothing, and writes no file outside its run, the cache of
// convzoo and temporary files that it removes. Then the same with ONNX Runtime's reports allowed, in a namespace without a network, so that
// nothing gets out: there the trace shows them, or it could show nothing at all.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { builtCli } from '../build.mjs'

const works = (program, ...parameters) => spawnSync(program, parameters).status === 0

export function missing() {
  if (process.platform !== 'linux') return 'strace is a tool of Linux'
  if (!works('strace', '-V')) return 'strace is not installed: apt-get install strace'
  return works('strace', '-o', '/dev/null', 'true') ? undefined : 'this process may not trace another one'
}

/** Calls that change what is on a disk. The path is the first text of the call; of a renaming or a link, the last one is what appears. */
const writing = new Set([
  ...['creat', 'mkdir', 'mkdirat', 'mknod', 'mknodat', 'rename', 'renameat', 'renameat2', 'link', 'linkat'],
  ...['symlink', 'symlinkat', 'truncate', 'chmod', 'fchmodat', 'chown', 'lchown', 'fchownat', 'utimensat'],
])
const opening = new Set(['open', 'openat', 'openat2'])

/** What resolvers read first. */
const resolvers = /^\/etc\/(?:resolv\.conf|hosts|host\.conf|gai\.conf)$/

/** The lines of a trace, whole: one that another thread interrupted is put together again. */
function callsOf(trace) {
  const unfinished = new Map()
  return trace.split('\n').flatMap((line) => {
    const [, thread = '', text = ''] = /^(\d+) +(.*)$/.exec(line) ?? []
    if (text.endsWith(' <unfinished ...>')) {
      unfinished.set(thread, text.slice(0, -' <unfinished ...>'.length))
      return []
    }
    const rest = /^<\.\.\. \w+ resumed>(.*)$/.exec(text)?.[1]
    const whole = rest === undefined ? text : `${unfinished.get(thread) ?? ''}${rest}`
    const [, name, given, result] = /^(\w+)\((.*)\) += (-?\d+|\?)/.exec(whole) ?? []
    return name === undefined ? [] : [{ name, given, succeeded: !result.startsWith('-') }]
  })
}

const textsOf = (given) => [...given.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, text]) => text)

/** What a trace has of connections, of names that are looked up, and of paths that are written. */
function readTrace(trace, cwd) {
  const connections = []
  const lookups = []
  const written = new Set()
  for (const { name, given, succeeded } of callsOf(trace)) {
    if (/^(?:socket|connect|sendto|sendmsg|sendmmsg|bind)$/.test(name) && /AF_INET6?\b/.test(given)) {
      connections.push(`${name}(${given})`)
    }
    const texts = textsOf(given)
    const path = (opening.has(name) ? texts[0] : texts.at(-1)) ?? ''
    if (opening.has(name) && resolvers.test(path)) lookups.push(path)
    const changes = writing.has(name) || (opening.has(name) && /O_WRONLY|O_RDWR|O_CREAT/.test(given))
    if (changes && succeeded && path !== '') written.add(isAbsolute(path) ? path : resolve(cwd, path))
  }
  return { connections, lookups, written: [...written] }
}

/** A training as someone starts it whom no machine is watching: another home, and nothing that speaks of continuous integration. */
function traced(place, name, { allowed = false } = {}) {
  const at = (folder) => join(place, name, folder)
  for (const folder of ['home', 'cache', 'temporary', 'work']) mkdirSync(at(folder), { recursive: true })
  const env = {
    PATH: process.env.PATH,
    HOME: at('home'),
    XDG_CACHE_HOME: at('cache'),
    TMPDIR: at('temporary'),
    ...(allowed ? { ORT_DISABLE_TELEMETRY: '0' } : {}),
  }
  const log = join(place, `${name}.trace`)
  const strace = ['strace', '-f', '-qq', '-s', '4096', '-e', 'trace=%network,%file', '-o', log]
  // Its first report goes out some seconds after the start.
  const training = [
    ...['train', 'nin', '--data', 'mnist', '--engine', 'onnx', '--input', '67x67x1', '--limit', '2400'],
    ...['--batch-size', '4', '--test-limit', '20', '--run', 'run'],
  ]
  const [program, ...parameters] = [
    ...(allowed ? ['unshare', '--user', '--map-root-user', '--net'] : []),
    ...strace,
    ...[process.execPath, builtCli(), ...training],
  ]
  const { status, stderr } = spawnSync(program, parameters, { cwd: at('work'), env, encoding: 'utf8' })
  if (status !== 0) throw new Error(`The training under strace ended with ${status}:\n${stderr}`)
  const found = readTrace(readFileSync(log, 'utf8'), at('work'))
  const ours = [at('work/run'), at('cache/convzoo'), at('temporary')]
  const inside = (path) => ours.some((folder) => path === folder || path.startsWith(`${folder}/`))
  // Devices and what the kernel shows of the process are no files on a disk. The folder of the cache itself is not ours alone.
  const foreign = found.written.filter((path) => !inside(path) && !/^\/(?:dev|proc)\//.test(path))
  return { ...found, foreign, left: readdirSync(at('temporary')) }
}

const listed = (values) => (values.length === 0 ? 'none' : values.slice(0, 10).join(', '))

function tell(what, { connections, lookups, written, foreign, left }) {
  console.log(`${what}:`)
  console.log(
    `  connections ${connections.length}, files of a resolver opened ${lookups.length}, paths written ${written.length}`,
  )
  console.log(`  written outside the run, the cache of convzoo and temporary files: ${listed(foreign)}`)
  console.log(`  left in the temporary folder: ${listed(left)}`)
}

export function run() {
  const place = realpathSync(mkdtempSync(join(tmpdir(), 'convzoo-quiet-')))
  try {
    const quiet = traced(place, 'quiet')
    tell('a training', quiet)
    if (quiet.written.length === 0) throw new Error('The trace has not even seen the run being written.')
    const found = [...quiet.connections, ...quiet.lookups, ...quiet.foreign, ...quiet.left]
    if (found.length > 0) throw new Error(`The training does not keep to itself:\n${found.join('\n')}`)
    if (!works('unshare', '--user', '--map-root-user', '--net', 'true')) {
      console.log('with reports allowed: SKIPPED: there is no namespace without a network to be had (unshare)')
      return
    }
    const loud = traced(place, 'loud', { allowed: true })
    tell('with ORT_DISABLE_TELEMETRY=0, without a network', loud)
    const seen = loud.lookups.length + loud.connections.length > 0 && loud.foreign.length > 0 && loud.left.length > 0
    if (!seen) throw new Error('The trace does not see what ONNX Runtime does when it reports.')
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}
