import type { Let } from '../plan/let.ts'
import type { Compiler, OpenRows } from './compiler.ts'

/** Adds a computed variable to every row. */
export function compileLet(plan: Let, compiler: Compiler): OpenRows {
  const open = compiler.rows(plan.input)
  const evaluate = compiler.expression(plan.value)
  const { slot } = plan
  return (frame) => {
    const input = open(frame)
    return {
      next: () => {
        if (!input.next()) return false
        frame.slots[slot] = evaluate(frame)
        return true
      },
      close: () => input.close(),
    }
  }
}
