const INSPECT = Symbol.for('nodejs.util.inspect.custom')

/** Makes Node's `console.log` show instances as `Decimal 12.50`, by their JSON, and not field by field. */
export function showAsText<T extends { toJSON(): string }>(type: {
  readonly name: string
  readonly prototype: T
}): void {
  const value = function (this: T): string {
    return `${type.name} ${this.toJSON()}`
  }
  Object.defineProperty(type.prototype, INSPECT, { value })
}
