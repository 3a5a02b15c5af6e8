/**
 * The table's rows: known folders of the suite, the more special ones first. A file that lies in none of them is
 * counted under its own folder.
 */
const CATEGORIES: readonly (readonly [folder: string, name: string])[] = [
  ['partiql-tests-data/success/syntax', 'success/syntax'],
  ['partiql-tests-data/fail/syntax', 'fail/syntax'],
  ['partiql-tests-data/fail/static-analysis', 'fail/static-analysis'],
  ['partiql-tests-data-extended/fail/static-analysis', 'extended fail/static-analysis'],
  ['partiql-tests-data/eval/ion', 'eval/ion'],
  ['partiql-tests-data/eval/primitives/functions', 'eval/primitives/functions'],
  ['partiql-tests-data/eval/primitives/operators', 'eval/primitives/operators'],
  ['partiql-tests-data/eval/primitives', 'eval/primitives'],
  ['partiql-tests-data/eval/query/select', 'eval/query/select'],
  ['partiql-tests-data/eval/query/group-by', 'eval/query/group-by'],
  ['partiql-tests-data/eval/query', 'eval/query'],
  ['partiql-tests-data/eval/experimental/graph', 'eval/experimental/graph'],
  ['partiql-tests-data/eval', 'eval'],
  ['partiql-tests-data/eval-equiv', 'eval-equiv'],
  ['partiql-tests-data-extended/eval', 'extended eval'],
]

/** The category of a file, by its path below the data folder; `/` between folders. */
export function categoryOf(file: string): string {
  const path = file.split('\\').join('/')
  const known = CATEGORIES.find(([folder]) => `/${path}`.includes(`/${folder}/`))
  if (known !== undefined) return known[1]
  const folders = path.split('/').slice(0, -1)
  return folders.length === 0 ? path : folders.slice(0, 3).join('/')
}

/** The order of the rows: that of the list above, then all others by name. */
export function compareCategories(a: string, b: string): number {
  const rank = (name: string): number => {
    const position = CATEGORIES.findIndex(([, known]) => known === name)
    return position < 0 ? CATEGORIES.length : position
  }
  return rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0)
}
