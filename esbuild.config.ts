/**
 * The second half of `npm run build`, behind tsc: bundles what would otherwise be hundreds of files to find and read at
 * each start. Run from the root of the repository.
 */
import { rmSync } from 'node:fs'
import { type BuildOptions, build, type Plugin } from 'esbuild'

const shared: BuildOptions = { bundle: true, platform: 'node', format: 'esm', target: 'node20.19', logLevel: 'warning' }

/**
 * lmdb stays outside, because it brings native code. Its CommonJS half is one file where its ESM half is many, and loads
 * in half the time. Only for the program: an application that embeds the library may use lmdb itself, and its two halves
 * share one native buffer.
 */
const lmdbRequired: Plugin = {
  name: 'lmdb, required',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^lmdb$/ }, ({ kind }) =>
      kind === 'require-call' ? { path: 'lmdb', external: true } : { path: 'lmdb', namespace: 'required' },
    )
    onLoad({ filter: /.*/, namespace: 'required' }, () => ({ contents: "module.exports = require('lmdb')" }))
  },
}

// The parser toolkit, in the place of the module that re-exports it.
const toolkit = 'dist/partiql/syntax/chevrotain.js'
await build({ ...shared, entryPoints: [toolkit], outfile: toolkit, allowOverwrite: true })

// The program `tally`: main.js, and a chunk for each command beside it. Names stay: errors show theirs.
rmSync('dist/cli', { recursive: true, force: true })
await build({
  ...shared,
  entryPoints: ['src/cli/main.ts'],
  outdir: 'dist/cli',
  splitting: true,
  minifyWhitespace: true,
  minifySyntax: true,
  plugins: [lmdbRequired],
  // Commander and lmdb are CommonJS and want a `require`.
  banner: {
    js: "import{createRequire as requireFrom}from'node:module';const require=requireFrom(import.meta.url);",
  },
})
