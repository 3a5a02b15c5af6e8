/**
 * The files a ledger lives in, as an interface, so that a test can own every write and every sync.
 *
 * What a crash may do is the contract between the two implementations: bytes appended but not synced may be there,
 * partly there, zero, or absent after a power loss; a file created or renamed is there for certain only after its
 * directory was synced.
 */

/** A file that only grows at its end, and can be read anywhere. */
export interface AppendFile {
  /** Bytes in the file, as far as appends have completed. */
  readonly sizeBytes: number
  /** Writes the chunks, in order, at the end. On failure any prefix may have been written. */
  append(chunks: readonly Uint8Array[]): Promise<void>
  /** Resolves when everything appended so far survives a power loss. After a failure nothing is known. */
  sync(): Promise<void>
  /** At most `length` bytes from `offset`: fewer at the end of the file, none after it. A fresh buffer. */
  read(offset: number, length: number): Uint8Array
  /** Cuts the file and syncs it. */
  truncate(sizeBytes: number): Promise<void>
  close(): void
}

/** A file that is only read. Another process may append to it meanwhile. */
export interface ReadFile {
  /** Bytes in the file now. */
  sizeBytes(): number
  /** See {@link AppendFile.read}. */
  read(offset: number, length: number): Uint8Array
  close(): void
}

/** All paths are absolute or relative to the process; errors are {@link StorageError}s with what to do. */
export interface FileSystem {
  /** Opens for appending; with `create` an absent file is made (and its directory synced by {@link syncDirectory}). */
  openAppend(path: string, options?: { readonly create?: boolean }): AppendFile
  openRead(path: string): ReadFile
  /** Names in a directory, sorted; empty when it does not exist. */
  list(directory: string): string[]
  exists(path: string): boolean
  /** Makes a directory and its parents, durably. */
  makeDirectory(path: string): void
  /** The whole file; undefined when it does not exist. */
  readFile(path: string): Uint8Array | undefined
  /** Replaces a file so that a crash leaves the old or the new content, never a mixture. */
  writeFileDurably(path: string, bytes: Uint8Array): Promise<void>
  /** Removes a file, or a directory with all in it, durably; absent is no error. */
  remove(path: string): void
  /** Resolves when files created, renamed or removed in the directory stay so after a power loss. */
  syncDirectory(directory: string): Promise<void>
}
