#!/usr/bin/env node
import * as nodeModule from 'node:module'

// Before the rest is loaded, so that Node keeps it compiled for the next start; Node 20 cannot.
if ('enableCompileCache' in nodeModule && typeof nodeModule.enableCompileCache === 'function') {
  nodeModule.enableCompileCache()
}
const [{ processIo }, { runCli }] = await Promise.all([import('./io.ts'), import('./run-cli.ts')])

process.exitCode = await runCli(process.argv.slice(2), processIo())
