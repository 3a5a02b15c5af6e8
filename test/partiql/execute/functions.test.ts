import { expect, test } from 'vitest'
import { IMPLEMENTED_FUNCTIONS } from '../../../src/partiql/execute/functions.ts'
import { FUNCTIONS } from '../../../src/partiql/plan/functions.ts'

test('the planner knows exactly the functions that can be executed', () => {
  expect([...IMPLEMENTED_FUNCTIONS].sort()).toEqual([...FUNCTIONS.keys()].sort())
})
