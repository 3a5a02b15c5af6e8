/*
 * SHA-256 (FIPS 180-4) of four messages at once: a WebAssembly module with 128-bit SIMD, one message in each 32-bit lane.
 *
 * The module is assembled here when it is first wanted, so there is no binary to trust and no build step. Where
 * WebAssembly or SIMD is missing or forbidden there is no kernel, and its users hash one message after the other.
 *
 *     memory   0 … 255           the 64 round constants
 *              KERNEL_BASE …     the user's
 *     digest4(a, b, c, d, blocks)
 *              a, b, c, d        addresses of four padded messages of `blocks` times 64 bytes; they may be the same
 *                                → the digests, 32 bytes each, over the beginnings of the messages
 *     escape32(from, to) → next
 *              copies 32 bytes, with 0C before each 0B, 0C and 0E (Ion Hash), and answers where the copy ends. May write
 *              16 bytes more than that, and read 16 more.
 *
 * Opcodes: WebAssembly core specification 2.0, §5.4.
 */

/** The first address in a kernel's memory that belongs to its user. */
export const KERNEL_BASE = 256

/** An instance of the kernel with a memory of its own, which holds the messages. */
export interface Sha256Kernel {
  /** Its buffer is another one after `grow`, with the same content. */
  readonly memory: KernelMemory
  /** Cost: about 0.31 µs a block, that is 0.08 µs for each of the four messages. */
  readonly digest4: (a: number, b: number, c: number, d: number, blocks: number) => void
  /** Cost: about 10 ns. */
  readonly escape32: (from: number, to: number) => number
}

export interface KernelMemory {
  readonly buffer: ArrayBuffer
  /** @param pages how many times 65 536 bytes to add */
  grow(pages: number): number
}

/** What is used of the WebAssembly JavaScript interface, which is declared neither by Node's types nor without the DOM's. */
interface WebAssemblyHost {
  validate(bytes: Uint8Array): boolean
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: object }
}

let module: object | undefined
let isMissing = false

/**
 * A new kernel with a memory of 64 KiB, or undefined where there can be none: no WebAssembly, no SIMD, or a host that
 * forbids either. Cost: about 6 ms for the first, then 0.1 ms.
 */
export function makeSha256Kernel(): Sha256Kernel | undefined {
  const host = (globalThis as { WebAssembly?: WebAssemblyHost }).WebAssembly
  if (host === undefined || isMissing) return undefined
  try {
    if (module === undefined) {
      const bytes = assembleKernel()
      if (host.validate(bytes)) module = new host.Module(bytes)
    }
    if (module !== undefined) return new host.Instance(module).exports as Sha256Kernel
  } catch {
    // A browser page may forbid code that is made at run time, a host may be out of address space.
  }
  isMissing = true
  return undefined
}

/** Bytes, in parts of parts, for parts are cheap to put together. Most instructions leave one value on the stack. */
type Code = number | readonly Code[]

function putInto(bytes: number[], code: readonly Code[]): number[] {
  for (let i = 0; i < code.length; i++) {
    const part = code[i]!
    if (typeof part === 'number') bytes.push(part)
    else putInto(bytes, part)
  }
  return bytes
}

/** An unsigned integer in LEB128. */
function leb(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...leb(value >>> 7)]
}

/** A signed integer in LEB128. */
function signedLeb(value: number): number[] {
  return value >= -64 && value < 64 ? [value & 127] : [(value & 127) | 128, ...signedLeb(value >> 7)]
}

/** The bytes of a vector: how many there are, then they. */
function counted(code: Code): Code {
  const bytes = putInto([], [code])
  return [leb(bytes.length), bytes]
}

const get = (local: number): Code => [0x20, local]
const set = (local: number, value: Code): Code => [value, 0x21, local]
const tee = (local: number, value: Code): Code => [value, 0x22, local]
const int = (value: number): Code => [0x41, signedLeb(value)]
const addInt = (a: Code, b: Code): Code => [a, b, 0x6a]

/** Begins every instruction on vectors. */
const SIMD = 0xfd
const load = (address: number, offset: number): Code => [get(address), SIMD, 0x00, 4, leb(offset)]
const loadSplat = (address: number, offset: number): Code => [get(address), SIMD, 0x09, 2, leb(offset)]
const store = (address: number, offset: number, value: Code): Code => [get(address), value, SIMD, 0x0b, 4, leb(offset)]
/** At an address that is on the stack. */
const LOAD: Code = [SIMD, 0x00, 0, 0]
const STORE: Code = [SIMD, 0x0b, 0, 0]
const shuffle = (a: Code, b: Code, lanes: Code): Code => [a, b, SIMD, 0x0d, lanes]
const and = (a: Code, b: Code): Code => [a, b, SIMD, 0x4e]
const or = (a: Code, b: Code): Code => [a, b, SIMD, 0x50]
const xor = (a: Code, b: Code): Code => [a, b, SIMD, 0x51]
/** Bits of `a` where the mask has 1, of `b` where it has 0. */
const select = (a: Code, b: Code, mask: Code): Code => [a, b, mask, SIMD, 0x52]
/** All ones in the byte lanes that equal `byte`, else zeros. */
const equalBytes = (a: Code, byte: number): Code => [a, int(byte), SIMD, 0x0f, SIMD, 0x23]
const shiftLeft = (a: Code, bits: number): Code => [a, 0x41, bits, SIMD, 0xab, 1]
const shiftRight = (a: Code, bits: number): Code => [a, 0x41, bits, SIMD, 0xad, 1]
const add = (a: Code, b: Code): Code => [a, b, SIMD, 0xae, 1]
const rotate = (a: Code, bits: number): Code => or(shiftRight(a, bits), shiftLeft(a, 32 - bits))
/** Four times the same 32-bit word. */
const splat = (word: number): Code => {
  const bytes = [word & 255, (word >>> 8) & 255, (word >>> 16) & 255, word >>> 24]
  return [SIMD, 0x0c, bytes, bytes, bytes, bytes]
}

/** The byte lanes of 32-bit words, given by their numbers: 0 to 3 of the first operand, 4 to 7 of the second. */
const words = (...numbers: readonly number[]): Code => numbers.map((n) => [4 * n, 4 * n + 1, 4 * n + 2, 4 * n + 3])
const SWAPPED: Code = [3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12]
const swapBytes = (a: Code): Code => shuffle(a, a, SWAPPED)

// Parameters and locals of digest4.
const MESSAGES = [0, 1, 2, 3]
const BLOCKS = 4
const AT = [5, 6, 7, 8]
const CONSTANTS = 9
const INT_LOCALS = 5
const FIRST_VECTOR = 10
const vectors = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => FIRST_VECTOR + first + i)
/** The message schedule: the words of the current 16 rounds. */
const W = vectors(0, 16)
/** The working variables a to h. */
const V = vectors(16, 8)
/** The hash so far. */
const H = vectors(24, 8)
const T = vectors(32, 4)
const [A_XOR_B, B_XOR_C] = vectors(36, 2) as [number, number]
const VECTOR_LOCALS = 38

/** Four words of four vectors, rows made columns; in place. */
function transpose(rows: readonly number[]): Code {
  const [a, b, c, d] = rows.map(get) as [Code, Code, Code, Code]
  const [t0, t1, t2, t3] = T.map(get) as [Code, Code, Code, Code]
  const low = words(0, 4, 1, 5)
  const high = words(2, 6, 3, 7)
  const lowHalves = words(0, 1, 4, 5)
  const highHalves = words(2, 3, 6, 7)
  return [
    set(T[0]!, shuffle(a, b, low)),
    set(T[1]!, shuffle(a, b, high)),
    set(T[2]!, shuffle(c, d, low)),
    set(T[3]!, shuffle(c, d, high)),
    set(rows[0]!, shuffle(t0, t2, lowHalves)),
    set(rows[1]!, shuffle(t0, t2, highHalves)),
    set(rows[2]!, shuffle(t1, t3, lowHalves)),
    set(rows[3]!, shuffle(t1, t3, highHalves)),
  ]
}

/** W: the block at AT of every message, a word of each in every vector. */
function loadBlock(): Code {
  return [0, 4, 8, 12].map((first) => {
    const rows = W.slice(first, first + 4)
    const loads = rows.map((row, lane) => set(row, swapBytes(load(AT[lane]!, 4 * first))))
    return [loads, transpose(rows)]
  })
}

/** Round `t` of 16 (FIPS 180-4 §6.2.2). Variables stand still: their names move on by one, so that none is copied. */
function round(t: number): Code {
  const name = (letter: number): number => V[(letter - t + 16) % 8]!
  const [a, b, d, e, f, g, h] = [0, 1, 3, 4, 5, 6, 7].map(name) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const isEven = t % 2 === 0
  const aXorB = isEven ? A_XOR_B : B_XOR_C
  const bXorC = isEven ? B_XOR_C : A_XOR_B
  const sum1 = xor(xor(rotate(get(e), 6), rotate(get(e), 11)), rotate(get(e), 25))
  const choice = select(get(f), get(g), get(e))
  const sum0 = xor(xor(rotate(get(a), 2), rotate(get(a), 13)), rotate(get(a), 22))
  // b ^ ((a ^ b) & (b ^ c)): one half of it is left over from the round before.
  const majority = xor(and(tee(aXorB, xor(get(a), get(b))), get(bXorC)), get(b))
  const constant = loadSplat(CONSTANTS, 4 * t)
  return [
    set(h, add(add(add(get(h), add(constant, get(W[t]!))), choice), sum1)),
    set(d, add(get(d), get(h))),
    set(h, add(add(get(h), majority), sum0)),
  ]
}

/** W[t] of the next 16 rounds. */
function schedule(t: number): Code {
  const word = (offset: number): Code => get(W[(t + offset) % 16]!)
  const sigma0 = xor(xor(rotate(word(1), 7), rotate(word(1), 18)), shiftRight(word(1), 3))
  const sigma1 = xor(xor(rotate(word(14), 17), rotate(word(14), 19)), shiftRight(word(14), 10))
  return set(W[t]!, add(add(word(0), sigma0), add(word(9), sigma1)))
}

const LOOP: Code = [0x03, 0x40]
const IF: Code = [0x04, 0x40]
const BRANCH_IF: Code = [0x0d, 0]
const END = 0x0b

function digest4(initialHash: readonly number[]): Code {
  const sixteen = Array.from({ length: 16 }, (_, t) => t)
  return [
    AT.map((at, lane) => set(at, get(MESSAGES[lane]!))),
    H.map((hash, i) => set(hash, splat(initialHash[i]!))),
    LOOP,
    loadBlock(),
    V.map((variable, i) => set(variable, get(H[i]!))),
    set(B_XOR_C, xor(get(V[1]!), get(V[2]!))),
    set(CONSTANTS, int(0)),
    [LOOP, sixteen.map((t) => [round(t), schedule(t)])],
    [tee(CONSTANTS, addInt(get(CONSTANTS), int(64))), int(192), 0x49, BRANCH_IF, END],
    sixteen.map(round),
    H.map((hash, i) => set(hash, add(get(hash), get(V[i]!)))),
    AT.map((at) => set(at, addInt(get(at), int(64)))),
    [tee(BLOCKS, addInt(get(BLOCKS), int(-1))), BRANCH_IF, END],
    [H.slice(0, 4), H.slice(4)].map((half, i) => [
      transpose(half),
      half.map((row, lane) => store(MESSAGES[lane]!, 16 * i, swapBytes(get(row)))),
    ]),
  ]
}

// Parameters and locals of escape32.
const FROM = 0
const TO = 1
const MARKS = 2
const MARKED = 3
const BYTES = 4

/**
 * Copies 16 bytes at once; for each byte that needs an escape, writes the escape and copies the 16 bytes from this one on
 * once more, behind it.
 */
function escape16(): Code {
  const marks = or(or(equalBytes(get(BYTES), 0x0b), equalBytes(get(BYTES), 0x0c)), equalBytes(get(BYTES), 0x0e))
  return [
    set(BYTES, load(FROM, 0)),
    store(TO, 0, get(BYTES)),
    [tee(MARKS, [marks, SIMD, 0x64]), IF],
    LOOP,
    set(MARKED, [get(MARKS), 0x68]),
    [addInt(get(TO), get(MARKED)), int(0x0c), 0x3a, 0, 0],
    set(TO, addInt(get(TO), int(1))),
    [addInt(get(TO), get(MARKED)), addInt(get(FROM), get(MARKED)), LOAD, STORE],
    [tee(MARKS, [get(MARKS), addInt(get(MARKS), int(-1)), 0x71]), BRANCH_IF, END, END],
    set(TO, addInt(get(TO), int(16))),
    set(FROM, addInt(get(FROM), int(16))),
  ]
}

/** The first 32 bits of the fractional parts of a root of the first primes: the constants of FIPS 180-4 §4.2.2, §5.3.3. */
function rootsOfPrimes(count: number, root: (prime: number) => number): number[] {
  const primes: number[] = []
  for (let n = 2; primes.length < count; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n)
  return primes.map((prime) => Math.floor((root(prime) % 1) * 2 ** 32))
}

const I32 = 0x7f
const V128 = 0x7b

function assembleKernel(): Uint8Array {
  const constants = rootsOfPrimes(64, Math.cbrt)
  const name = (text: string): Code => counted([...text].map((letter) => letter.charCodeAt(0)))
  const section = (id: number, content: Code): Code => [id, counted(content)]
  const digestBody = [2, INT_LOCALS, I32, VECTOR_LOCALS, V128, digest4(rootsOfPrimes(8, Math.sqrt)), END]
  const escapeBody = [2, 2, I32, 1, V128, escape16(), escape16(), get(TO), END]
  const littleEndian = constants.map((word) => [word & 255, (word >>> 8) & 255, (word >>> 16) & 255, word >>> 24])
  return Uint8Array.from(
    putInto(
      [],
      [
        [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
        section(1, [2, 0x60, counted([I32, I32, I32, I32, I32]), 0, 0x60, counted([I32, I32]), 1, I32]),
        section(3, [2, 0, 1]),
        section(5, [1, 0, 1]),
        section(7, [3, name('memory'), 2, 0, name('digest4'), 0, 0, name('escape32'), 0, 1]),
        section(10, [2, counted(digestBody), counted(escapeBody)]),
        section(11, [1, 0, int(0), END, counted(littleEndian)]),
      ],
    ),
  )
}
