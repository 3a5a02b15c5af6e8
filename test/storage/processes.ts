import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'

/** A running child.ts. */
export interface Child {
  readonly process: ChildProcess
  /** The next line it says; undefined at its end. */
  line(): Promise<string | undefined>
  /** Everything it said so far, and says until its end. */
  rest(): Promise<string[]>
  /** Kills it without warning and waits until it is gone. */
  kill(): Promise<void>
}

const repository = join(import.meta.dirname, '../..')

export function startChild(...args: string[]): Child {
  const process_ = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'child.ts'), ...args], {
    cwd: repository,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines: string[] = []
  let partial = ''
  let ended = false
  let wake = (): void => {}
  process_.stdout?.on('data', (data: Buffer) => {
    const parts = (partial + data.toString()).split('\n')
    partial = parts.pop() ?? ''
    lines.push(...parts)
    wake()
  })
  const exit = new Promise<void>((resolve) => {
    process_.once('close', () => {
      ended = true
      wake()
      resolve()
    })
  })
  return {
    process: process_,
    async line() {
      while (lines.length === 0 && !ended)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      return lines.shift()
    },
    async rest() {
      await exit
      return lines.splice(0)
    },
    async kill() {
      process_.kill('SIGKILL')
      await exit
    },
  }
}
