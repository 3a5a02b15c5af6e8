/** Goal: one writer at a time, whoever dies when. Method: other processes, killed without warning, racing. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lockLedger } from '../../src/storage/index.ts'
import { type Child, startChild } from './processes.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tally-lock-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const lockFile = (): string => join(folder, 'lock')

test('a locked ledger is refused to the same process, and free after release', () => {
  const lock = lockLedger(folder)
  expect(() => lockLedger(folder)).toThrow(expect.objectContaining({ code: 'LEDGER_LOCKED' }))
  expect(() => lockLedger(`${folder}/.`)).toThrow(/This process/)
  lock.release()
  lock.release()
  expect(readdirSync(folder)).toEqual([])
  const again = lockLedger(folder)
  lock.release()
  expect(existsSync(lockFile()), 'an old handle does not free a new lock').toBe(true)
  again.release()
})

test('another process is named, and its lock is taken over when it was killed', async () => {
  const child = startChild('lock', folder)
  expect(await child.line()).toBe('locked')
  expect(() => lockLedger(folder)).toThrow(
    expect.objectContaining({ code: 'LEDGER_LOCKED', message: expect.stringContaining(`${child.process.pid}`) }),
  )
  await child.kill()
  expect(existsSync(lockFile())).toBe(true)
  const lock = lockLedger(folder)
  expect(JSON.parse(readFileSync(lockFile(), 'utf8')).pid).toBe(process.pid)
  lock.release()
  expect(readdirSync(folder)).toEqual([])
})

test('a process that was killed and not collected by its parent holds nothing', async () => {
  const child = startChild('lock', folder)
  expect(await child.line()).toBe('locked')
  child.process.kill('SIGKILL')
  // Until this process's event loop turns, the child stays a zombie.
  const deadline = process.hrtime.bigint() + 5_000_000_000n
  while (!/\) [ZX]/.test(readStat(child.process.pid!)) && process.hrtime.bigint() < deadline);
  lockLedger(folder).release()
  await child.kill()
})

function readStat(pid: number): string {
  return existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'latin1') : ') X'
}

const own = (): Record<string, unknown> => {
  const lock = lockLedger(folder)
  const holder = JSON.parse(readFileSync(lockFile(), 'utf8'))
  lock.release()
  return holder
}

test('a process number given to another process is told by its start time', () => {
  const holder = { ...own(), startTime: '1', nonce: 'old' }
  writeFileSync(lockFile(), JSON.stringify(holder))
  lockLedger(folder).release()
})

test('a lock from before the machine started again is taken over', () => {
  const holder = { ...own(), bootId: 'another', nonce: 'old' }
  writeFileSync(lockFile(), JSON.stringify(holder))
  lockLedger(folder).release()
})

test('a lock of another machine is never taken over', () => {
  const holder = { ...own(), host: `not-${hostname()}`, pid: 999_999_999, nonce: 'old' }
  writeFileSync(lockFile(), JSON.stringify(holder))
  expect(() => lockLedger(folder)).toThrow(/not-.*remove/)
})

test.each(['', 'nonsense', '{}', '{"pid":"1"}'])('a lock file that says "%s" is refused, not removed', (content) => {
  writeFileSync(lockFile(), content)
  expect(() => lockLedger(folder)).toThrow(expect.objectContaining({ code: 'LEDGER_LOCKED' }))
  expect(readFileSync(lockFile(), 'utf8')).toBe(content)
})

test('a take-over that was itself killed is taken over', () => {
  const dead = { ...own(), startTime: '1' }
  writeFileSync(lockFile(), JSON.stringify({ ...dead, nonce: 'first' }))
  writeFileSync(`${lockFile()}.after-first`, JSON.stringify({ ...dead, nonce: 'second' }))
  const lock = lockLedger(folder)
  expect(readdirSync(folder)).toEqual(['lock'])
  lock.release()
})

test('of many that find a dead lock, one gets it', async () => {
  const first = startChild('lock', folder)
  expect(await first.line()).toBe('locked')
  const racers = Array.from({ length: 6 }, () => startChild('race', folder))
  for (const racer of racers) expect(await racer.line()).toBe('ready')
  await first.kill()
  for (const racer of racers) racer.process.stdin?.write('go')
  const outcomes = await Promise.all(racers.map((racer) => racer.line()))
  expect(outcomes.toSorted()).toEqual([...Array<string>(5).fill('LEDGER_LOCKED'), 'won'])
  const winner: Child = racers[outcomes.indexOf('won')]!
  expect(JSON.parse(readFileSync(lockFile(), 'utf8')).pid).toBe(winner.process.pid)
  expect(readdirSync(folder)).toEqual(['lock'])
  for (const racer of racers) await racer.kill()
})

test('a folder that may not be written to says so', () => {
  // Not even the superuser makes files here.
  expect(() => lockLedger('/proc')).toThrow(expect.objectContaining({ name: expect.stringMatching(/Error$/) }))
})
