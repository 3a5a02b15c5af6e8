import { execFileSync } from 'node:child_process'
import { buildSync } from 'esbuild'
import { expect, it } from 'vitest'

/*
 * Asks V8 itself, in a process of its own: whether String.prototype has fast properties is what decides between an
 * inlined and a called charCodeAt.
 */
function hasFastStringsAfter(statements: string): boolean {
  const bundle = buildSync({
    stdin: {
      contents: `${statements}
        console.log(new Function('return %HasFastProperties(String.prototype)')())`,
      resolveDir: '.',
      loader: 'ts',
    },
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
  }).outputFiles[0]!.text
  const answer = execFileSync(process.execPath, ['--allow-natives-syntax', '--input-type=module', '-'], {
    input: bundle,
  })
  return JSON.parse(answer.toString()) as boolean
}

it('leaves string methods fast, although ion-js makes them slow', () => {
  expect(hasFastStringsAfter("import { makeReader } from 'ion-js'; makeReader('1')")).toBe(false)
  expect(hasFastStringsAfter("import { parseText } from './src/ion/index.ts'; parseText('a::{b:[1.0]}')")).toBe(true)
})
