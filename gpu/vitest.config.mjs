// A GPU in software compiles a shader in a second, and a step has dozens.
export default { test: { include: ['gpu/suite.test.mjs'], testTimeout: 600_000, hookTimeout: 600_000 } }
