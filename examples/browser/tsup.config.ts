import { defineConfig } from 'tsup'

/** One file that a browser loads, with all that it needs; `public` is copied beside it. */
export default defineConfig({
  entry: ['src/page.ts'],
  format: 'esm',
  platform: 'browser',
  target: 'es2023',
  noExternal: [/./],
  splitting: false,
  minify: true,
  publicDir: 'public',
  clean: true,
})
