import { fileURLToPath } from 'node:url'

/** The root of the project: two folders up from `src/bench`, from `dist/bench` and from the bundle in `dist/cli` alike. */
export const projectFolder: string = fileURLToPath(new URL('../..', import.meta.url))
