import { expect, it } from 'vitest'
import { unloadable } from './unloadable.js'

// What Node says on each of them; the first two as users of onnxruntime-node have quoted them.
it.each([
  {
    system: 'linux x64',
    message:
      'Error loading shared library ld-linux-x86-64.so.2: No such file or directory (needed by /app/node_modules/onnxruntime-node/bin/napi-v6/linux/x64/onnxruntime_binding.node)',
    reason: /^onnxruntime-node needs Linux with glibc 2.28 or later: Error loading shared library/,
    hint: /engine tfjs.*node:22-slim/,
  },
  {
    system: 'linux x64',
    message:
      "/lib64/libm.so.6: version `GLIBC_2.27' not found (required by /app/node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime.so.1)",
    reason: /^onnxruntime-node needs Linux with glibc 2.28 or later/,
    hint: /engine tfjs/,
  },
  {
    system: 'darwin x64',
    message:
      "Cannot find module '../bin/napi-v6/darwin/x64/onnxruntime_binding.node'\nRequire stack:\n- /app/node_modules/onnxruntime-node/dist/binding.js",
    reason: /^onnxruntime-node has no library for darwin x64$/,
    hint: /engine tfjs/,
  },
  {
    system: 'win32 x64',
    message: "Cannot find package 'onnxruntime-node' imported from C:\\app\\engine.js",
    reason: /^Cannot find package 'onnxruntime-node'/,
    hint: /install it again/,
  },
])('$system: $message', ({ system, message, reason, hint }) => {
  const told = unloadable(new Error(message), system)
  expect(told.reason).toMatch(reason)
  expect(told.reason).not.toContain('\n')
  expect(told.hint).toMatch(hint)
})
