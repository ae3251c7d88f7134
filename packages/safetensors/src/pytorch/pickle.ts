import { called, globalOf, isOf, storageOf } from './globals.js'
import { PickleBytes } from './pickle-bytes.js'
import { append, PickleStack, setItems, tupleOf } from './pickle-stack.js'
import { Refused } from './refused.js'
import { kindOf, type Value } from './values.js'

type Step = (bytes: PickleBytes, stack: PickleStack) => void

const pushing =
  (value: (bytes: PickleBytes) => Value): Step =>
  (bytes, stack) =>
    stack.push(value(bytes))

const tuple =
  (length: number): Step =>
  (_, stack) =>
    stack.push(tupleOf(Array.from({ length }, () => stack.pop()).reverse()))

const dict = (): Value => ({ type: 'dict', entries: new Map(), depth: 1 })
const list = (): Value => ({ type: 'list', items: [], depth: 1 })

/** The opcodes of protocols 2 to 5 that state dicts are written with, by their bytes; Python's `pickletools` says what each does. */
const steps: Readonly<Record<number, Step>> = {
  // MARK, FRAME, whose length says nothing that is needed
  40: (_, stack) => stack.mark(),
  149: (bytes) => void bytes.uint64(),
  // NONE, NEWTRUE, NEWFALSE
  78: pushing(() => null),
  136: pushing(() => true),
  137: pushing(() => false),
  // BININT, BININT1, BININT2, LONG1, LONG4, BINFLOAT
  74: pushing((bytes) => bytes.int32()),
  75: pushing((bytes) => bytes.byte()),
  77: pushing((bytes) => bytes.uint16()),
  138: pushing((bytes) => bytes.wholeNumber(bytes.byte())),
  139: pushing((bytes) => bytes.wholeNumber(bytes.uint32())),
  71: pushing((bytes) => bytes.float64()),
  // BINUNICODE, SHORT_BINUNICODE, BINUNICODE8
  88: pushing((bytes) => bytes.text(bytes.uint32())),
  140: pushing((bytes) => bytes.text(bytes.byte())),
  141: pushing((bytes) => bytes.text(bytes.uint64())),
  // EMPTY_DICT, EMPTY_LIST, EMPTY_TUPLE, TUPLE, TUPLE1, TUPLE2, TUPLE3
  125: pushing(dict),
  93: pushing(list),
  41: tuple(0),
  116: (_, stack) => stack.push(tupleOf(stack.popToMark())),
  133: tuple(1),
  134: tuple(2),
  135: tuple(3),
  // APPEND, APPENDS, SETITEM, SETITEMS
  97: (_, stack) => {
    const item = stack.pop()
    append(stack.top, [item])
  },
  101: (_, stack) => {
    const items = stack.popToMark()
    append(stack.top, items)
  },
  115: (_, stack) => {
    const value = stack.pop()
    const name = stack.pop()
    setItems(stack.top, [name, value])
  },
  117: (_, stack) => {
    const items = stack.popToMark()
    setItems(stack.top, items)
  },
  // BINPUT, LONG_BINPUT, MEMOIZE, BINGET, LONG_BINGET
  113: (bytes, stack) => stack.keep(bytes.byte(), stack.top),
  114: (bytes, stack) => stack.keep(bytes.uint32(), stack.top),
  148: (_, stack) => stack.keepNext(),
  104: (bytes, stack) => stack.push(stack.kept(bytes.byte())),
  106: (bytes, stack) => stack.push(stack.kept(bytes.uint32())),
  // GLOBAL, STACK_GLOBAL: names of what this reader does, never of what Python could
  99: (bytes, stack) => {
    const module = bytes.line()
    stack.push(globalOf(module, bytes.line()))
  },
  147: (_, stack) => {
    const [name, module] = [stack.pop(), stack.pop()]
    if (typeof name !== 'string' || typeof module !== 'string') throw new Refused('a pickle with a name that is none')
    stack.push(globalOf(module, name))
  },
  // REDUCE: one of the three calls that are known
  82: (_, stack) => {
    const given = stack.pop()
    stack.push(called(stack.pop(), given))
  },
  // BUILD: attributes of an OrderedDict, which say nothing of its tensors
  98: (_, stack) => {
    const state = stack.pop()
    if (isOf(state, 'dict') && isOf(stack.top, 'dict')) return
    throw new Refused(`a pickle that sets the state of ${kindOf(stack.top)}`)
  },
  // BINPERSID
  81: (_, stack) => stack.push(storageOf(stack.pop())),
}

const stop = 0x2e

/** Opcodes that do something in Python, by what a message calls them. */
const refusedNames: Readonly<Record<number, string>> = {
  105: 'INST',
  111: 'OBJ',
  129: 'NEWOBJ',
  146: 'NEWOBJ_EX',
  130: 'EXT1',
  131: 'EXT2',
  132: 'EXT4',
  80: 'PERSID',
  151: 'NEXT_BUFFER',
}

/**
 * The value that a pickle describes, of what state dicts are made of. It is read, not run: no name leads to code, and no other opcode,
 * name or call is taken than those of a state dict.
 *
 * @throws Refused that says what else there is.
 */
export function readPickle(pickle: Uint8Array): Value {
  const bytes = new PickleBytes(pickle)
  const stack = new PickleStack()
  if (bytes.byte() !== 0x80) throw new Refused('no pickle of protocol 2 to 5')
  const protocol = bytes.byte()
  if (protocol < 2 || protocol > 5) throw new Refused(`a pickle of protocol ${protocol}`)
  for (;;) {
    const at = bytes.position
    const code = bytes.byte()
    if (code === stop) return stack.end()
    const { [code]: step } = steps
    if (step === undefined) {
      const name = refusedNames[code] ?? `0x${code.toString(16).padStart(2, '0')}`
      throw new Refused(`a pickle with the opcode ${name} at byte ${at}`)
    }
    step(bytes, stack)
  }
}
