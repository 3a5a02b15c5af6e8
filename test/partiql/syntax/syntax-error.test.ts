/** Statements that do not parse: where exactly they are wrong, and what the error says. `⟦…⟧` marks the place. */

import { describe, expect, it } from 'vitest'
import { StatementError } from '../../../src/errors.ts'
import { expectedNext, parse } from '../../../src/partiql/syntax/index.ts'

function failureOf(text: string): StatementError {
  try {
    parse(text)
  } catch (error) {
    if (error instanceof StatementError) return error
    throw error
  }
  throw new Error(`This parses: ${text}`)
}

function failureAtMark(marked: string): StatementError {
  const offset = marked.indexOf('⟦')
  const end = marked.indexOf('⟧') - 1
  const error = failureOf(marked.replace(/[⟦⟧]/g, ''))
  expect(error.code).toBe('SYNTAX_ERROR')
  expect(error.location).toMatchObject({ offset, length: end - offset })
  return error
}

describe('a statement that does not parse', () => {
  it.each([
    ['⟦⟧', 'The statement is empty.', 'SELECT'],
    ['-- nothing⟦⟧', 'The statement is empty.', 'SELECT'],
    ['SELECT * FROM t WHERE⟦⟧', 'Expected an expression', 'an expression'],
    ['SELECT * FROM⟦⟧', 'Expected an expression', 'UNPIVOT'],
    ['SELECT a b ⟦c⟧ FROM t', 'found c', 'FROM'],
    ['SELECT ⟦#⟧ FROM t', 'found #', 'an expression'],
    ['SELECT a,⟦,⟧ b FROM t', 'found ,', 'an expression'],
    ['SELECT (1⟦⟧', "Expected an operator, ')'", ')'],
    ['SELECT (1⟦;⟧)', 'found ;', ')'],
    ['SELECT 1 ⟦2⟧', 'found 2', ','],
    ['⟦VALUE⟧ 1', 'found VALUE', 'SELECT'],
    ['INSERT INTO⟦⟧', 'Expected a name', 'a name'],
    ['INSERT ⟦T⟧ VALUE 1', 'Expected INTO', 'INTO'],
    ['INSERT INTO T.a ⟦?⟧', 'Only one VALUE can be inserted into a path.', 'VALUE'],
    ['UPDATE T ⟦WHERE⟧ a = 1', 'found WHERE', 'SET'],
    ['UPDATE T SET a ⟦1⟧', 'found 1', '='],
    ['DELETE ⟦T⟧', 'Expected FROM, found T', 'FROM'],
    ['FROM T AS t WHERE a⟦⟧', 'found the end', 'REMOVE'],
    ['CREATE TABLE ⟦select⟧', 'write "select" in double quotes', 'a name'],
    ['CREATE INDEX ON T⟦⟧', "Expected '('", '('],
    ['CREATE INDEX ON T (⟦)⟧', 'Expected a name', 'a name'],
    ['CREATE ⟦VIEW⟧ v', 'Expected TABLE, INDEX or UNIQUE', 'TABLE'],
    ['DROP INDEX a ON b WITH (⟦purg⟧ = true)', 'Expected purge', 'purge'],
    ['DROP INDEX a ON b WITH (purge = ⟦1⟧)', 'found 1', 'TRUE'],
    ['UNDROP TABLE ⟦5⟧', 'found 5', 'a name'],
    ['foo.⟦table⟧', 'found table', 'a name'],
    ['a.⟦.⟧b', 'found .', 'a name'],
    ['a.b.⟦[⟧1]', 'found [', 'a name'],
    ['@⟦(⟧a)', 'Expected a name', 'a name'],
    ['CASE ⟦END⟧', 'found END', 'WHEN'],
    ['a BETWEEN 1 ⟦OR⟧ 2', 'found OR', 'AND'],
    ['SELECT * FROM T ⟦ORDR⟧ BY a', 'Found ORDR. Did you mean ORDER?', 'ORDER'],
    ['SELECT COUNT(*) FROM T AS t, t.a ⟦grop⟧ BY b', 'Found grop. Did you mean GROUP?', 'GROUP'],
    ["SELECT * FROM T WHERE a =⟦=⟧ 'b'", 'Write a single =.', 'an expression'],
    ['SELECT a⟦:⟧:TEXT FROM T', 'Write CAST(value AS TYPE).', 'FROM'],
    ['SELECT TOP ⟦5⟧ * FROM T', 'Write LIMIT and the number', 'FROM'],
    ['SELECT * FROM T LIMIT 5⟦,⟧ 10', 'then OFFSET', 'OFFSET'],
    ['SELECT * FROM T FETCH ⟦FIRST⟧ 5 ROWS ONLY', 'Write LIMIT', 'WHERE'],
    ['SELECT * ⟦EXCLUDE⟧ price FROM T', 'Paths begin with a variable', 'FROM'],
    ['DROP TABLE IF ⟦EXISTS⟧ T', 'Look in information_schema.user_tables', 'the end of the statement'],
    ['EXPLAIN QUERY ⟦PLAN⟧ SELECT * FROM T', 'Write EXPLAIN in front', 'an operator'],
    ['INSERT ⟦OR⟧ IGNORE INTO T ?', 'Write ON CONFLICT DO NOTHING', 'INTO'],
    ['SELECT * FROM a JOIN b⟦⟧', 'found the end', 'ON'],
    ['SELECT * FROM a CROSS JOIN b ⟦ON⟧ c', 'found ON', 'WHERE'],
    ['SELECT * FROM a AT b ⟦AS⟧ c', 'found AS', 'BY'],
    ['SELECT *⟦,⟧ a FROM t', 'found ,', 'FROM'],
    ['SELECT a.* ⟦b⟧', 'cannot have an alias', undefined],
    ['SELECT a FROM b ORDER BY a NULLS⟦⟧', 'Expected FIRST or LAST', 'FIRST'],
    ['SELECT a FROM b OFFSET 1 ⟦LIMIT⟧ 2', 'found LIMIT', undefined],
    ['SELECT a FROM b ORDER BY ⟦ASC⟧, c', 'found ASC', 'an expression'],
    ['CAST(5 AS ⟦SELECT⟧)', 'found SELECT', 'a name'],
    ['CAST(5 AS ⟦STRNG⟧)', 'Did you mean STRING?', 'STRING'],
    ['CAST(5 AS ⟦INT⟧(3))', 'takes no numbers', undefined],
    ['CAST(5 AS ⟦DECIMAL⟧(3, 4, 5))', 'takes at most 2', undefined],
    ['EXTRACT(⟦yeer⟧ FROM a)', 'Did you mean YEAR?', 'YEAR'],
    ['DATE_ADD(⟦fortnight⟧, 1, a)', 'There is no date part fortnight.', 'DAY'],
    ["DATE ⟦'2026-02-30'⟧", "write DATE '2026-01-31'", undefined],
    ["DATE ⟦'2026-1-1'⟧", 'is not a date', undefined],
    ["DATE ⟦'2100-02-29'⟧", 'is not a date', undefined],
    ["TIME ⟦'24:00:00'⟧", 'is not a time of day', undefined],
    ["TIME WITHOUT TIME ZONE ⟦'10:00:00+01:00'⟧", 'is not a time of day', undefined],
    ["TIMESTAMP ⟦'2026-01-01'⟧", 'is not a timestamp', undefined],
    ['DATE ⟦`2026-01-01`⟧', 'found `2026-01-01`', undefined],
    ['SELECT ⟦`{a:`⟧', 'do not hold one Ion value', undefined],
    ['SELECT ⟦`1 2`⟧', 'do not hold one Ion value', undefined],
    ['SELECT ⟦``⟧', 'do not hold one Ion value', undefined],
    ['SELECT ⟦1e9999999⟧', 'exponent', undefined],
    ["SELECT ⟦'abc⟧", "End it with '", "'"],
    ['SELECT ⟦"abc⟧', 'End it with "', '"'],
    ['SELECT ⟦`{a: "`"}⟧', 'End it with `', '`'],
    ['SELECT 1 ⟦/* abc⟧', 'End it with */', '*/'],
    ['SELECT 1; ⟦SELECT⟧ 2', 'Expected the end of the statement, found SELECT', 'the end of the statement'],
    ['EXPLAIN EXPLAIN ⟦SELECT⟧ 1', 'found SELECT', undefined],
    ['SELECT a FROM t WHERE b ⟦~⟧ 1', 'found ~', undefined],
    ['WITH a (⟦SELECT⟧ 1) SELECT 2', 'Expected a name', 'a name'],
    ['WITH a AS ⟦SELECT⟧ 1 SELECT 2', "Expected '('", '('],
    ['WITH a AS (SELECT 1)⟦⟧', 'found the end', 'SELECT'],
    ['WITH a AS (SELECT 1) ⟦INSERT⟧ INTO t VALUE 1', 'found INSERT', 'TABLE'],
    ['SELECT f(x) OVER ⟦5⟧', 'found 5', ','],
    ['SELECT f(x) OVER (PARTITION ⟦a⟧)', 'found a', 'ORDER'],
    ['SELECT f(x) OVER (ORDER BY a ROWS 1 ⟦)⟧', 'found )', 'PRECEDING'],
    ['SELECT f(x) OVER (ORDER BY a ROWS BETWEEN 1 PRECEDING⟦)⟧', 'Expected AND', 'AND'],
    ['SELECT * FROM t WINDOW ⟦w⟧ AS x', 'found w', 'WHERE'],
    ['SELECT * EXCLUDE a.b, ⟦FROM⟧ t', 'found FROM', 'a name'],
    ['SELECT * FROM t FOR SYSTEM_TIME ⟦OF⟧ 5', 'found OF', 'AS'],
    ["INTERVAL '1'⟦⟧", 'Expected a name', 'a name'],
    ["INTERVAL '1' ⟦YER⟧", 'Did you mean YEAR?', 'YEAR'],
    ["INTERVAL '1' DAY TO ⟦MONTH⟧", 'cannot end with MONTH. Write HOUR, MINUTE, SECOND.', 'HOUR'],
    ["INTERVAL '1' MONTH TO ⟦MONTH⟧", 'MONTH is the smallest.', undefined],
    ["INTERVAL '1' ⟦DAY(2, 3)⟧", 'Only SECOND alone takes two numbers', undefined],
    ["INTERVAL '1' ⟦DAY TO HOUR(2)⟧", 'Only SECOND takes a number behind TO', undefined],
    ['CAST(a AS LIST<⟦5⟧>)', 'found 5', 'a name'],
    ['CAST(a AS STRUCT<b: ⟦INTT⟧>)', 'Did you mean INT2?', 'INT'],
    ['CAST(a AS LIST<INT⟦)⟧', "Expected '(' or '>'", '>'],
    ['a UNION CORRESPONDING BY ⟦b⟧ SELECT 1', "Expected '('", '('],
    ['TABLE ⟦5⟧', 'Expected a name', 'a name'],
    ['INSERT INTO t VALUE 1 ON CONFLICT DO ⟦SOMETHING⟧', 'Expected UPDATE, NOTHING or REPLACE', 'NOTHING'],
    ['INSERT INTO t VALUE 1 RETURNING MODIFIED ⟦*⟧', 'Expected NEW or OLD', 'OLD'],
    ['⟦UPSERT⟧ INTO t.a VALUE 1', 'only INSERT does it', undefined],
    ['CREATE TABLE t (a ⟦)⟧', 'found )', 'a name'],
    ['CREATE TABLE t (a INT ⟦UNIQU⟧)', 'Did you mean UNIQUE?', 'UNIQUE'],
    ['CREATE TABLE t (PRIMARY KEY ⟦a⟧)', "Expected '('", '('],
  ])('%s', (marked, message, expected) => {
    const error = failureAtMark(marked)
    expect(error.message).toContain(message)
    if (expected !== undefined) expect(error.expected).toContain(expected)
  })

  it('names line and column, whatever ends the lines', () => {
    for (const [text, line, column] of [
      ['SELECT a\nFROM t\n  WHERE ,', 3, 9],
      ['SELECT a\r\nFROM t\r\n  WHERE ,', 3, 9],
      ['SELECT a\rFROM t WHERE ,', 2, 14],
      ['SELECT é😀 ,', 1, 8],
    ] as const) {
      const error = failureOf(text)
      expect(error.location).toMatchObject({ line, column })
      expect(error.message).toContain(`(at line ${line}, column ${column})`)
    }
  })

  it('keeps the message short when the place is long', () => {
    expect(failureOf(`SELECT 1 '${'x'.repeat(5000)}'`).message.length).toBeLessThan(300)
    expect(failureOf(`${'a, '.repeat(10_000)}`).expected).toContain('an operator')
  })

  it('still says where it is wrong when the statement is too long to try what could stand there', () => {
    const text = `SELECT ${'a, '.repeat(1000)}FROM t`
    expect(failureOf(text)).toMatchObject({ expected: [], location: { offset: 3007, length: 4 } })
    expect(failureOf(text).message).toContain('Did not expect FROM')
  })
})

describe('a statement of another database', () => {
  it.each([
    ['SHOW ⟦TABLES⟧', 'information_schema.user_tables'],
    ['describe ⟦Vehicle⟧', 'information_schema.user_tables'],
    ['ALTER ⟦TABLE⟧ Vehicle ADD COLUMN x', 'Tables have no columns'],
    ['TRUNCATE ⟦Vehicle⟧', 'DELETE FROM'],
    ['BEGIN ⟦TRANSACTION⟧;', 'ledger.transact()'],
    ['CREATE UNIQUE INDEX ⟦byVin⟧ ON Vehicle (vin)', 'CREATE INDEX ON Vehicle (vin)'],
    ['CREATE INDEX ⟦byVin⟧ ON Vehicle (vin)', 'CREATE INDEX ON Vehicle (vin)'],
    ['CREATE TABLE IF ⟦NOT⟧ EXISTS Vehicle', 'information_schema.user_tables'],
    ['CREATE TABLE Vehicle (vin ⟦TEXT⟧)', 'It is called STRING here.'],
    ['DELETE FROM Vehicle WHERE a = 1 ⟦RETURNING⟧ *', 'RETURNING MODIFIED NEW *'],
  ])('%s', (marked, advice) => {
    const error = failureAtMark(marked)
    expect(error.message).toContain(advice)
  })
})

describe('a misspelt keyword', () => {
  it.each([
    ['⟦SELCT⟧ * FROM t', 'SELECT'],
    ['⟦slect⟧ a FROM t', 'SELECT'],
    ['SELECT * ⟦FORM⟧ t', 'FROM'],
    ['SELECT a ⟦FORM⟧ t', 'FROM'],
    ['SELECT a FROM t ⟦WHER⟧ x = 1', 'WHERE'],
    ['SELECT a FROM t WHERE b ⟦GRUOP⟧ BY a', 'GROUP'],
    ['SELECT a FROM t WHERE a ⟦LIEK⟧ b', 'LIKE'],
    ['SELECT a FROM t WHERE a ⟦BETWEN⟧ 1 AND 2', 'BETWEEN'],
    ['⟦INSRET⟧ INTO t VALUE 1', 'INSERT'],
    ['INSERT ⟦INOT⟧ t VALUE 1', 'INTO'],
    ['⟦UPDAET⟧ t SET a = 1', 'UPDATE'],
    ['DELETE ⟦FRM⟧ t', 'FROM'],
    ['UNDROP ⟦TABEL⟧ x', 'TABLE'],
    ['CREATE ⟦INDX⟧ ON t (a)', 'INDEX'],
  ])('%s', (marked, keyword) => {
    const error = failureAtMark(marked)
    expect(error.message).toContain(`Did you mean ${keyword}?`)
    expect(error.expected[0]).toBe(keyword)
  })

  it('is not suspected where the keyword would not help', () => {
    expect(failureOf('SELECT form, b c d FROM t').message).not.toContain('Did you mean')
    expect(failureOf('SELECT a FROM t WHERE id =').message).not.toContain('Did you mean')
  })
})

describe('what may follow', () => {
  it.each([
    ['', ['an expression', 'SELECT', 'INSERT', 'CREATE'], ['FROM WHERE', 'the end of the statement']],
    ['SELECT * ', ['FROM', 'the end of the statement'], ['a name', 'AND']],
    [
      'SELECT * FROM t ',
      ['WHERE', 'JOIN', 'a name', 'an operator', 'LET', 'the end of the statement'],
      ['SET', 'FIRST'],
    ],
    ['SELECT * FROM t WHERE a ', ['an operator', 'ORDER', 'the end of the statement'], ['a name', 'SELECT']],
    ['SELECT * FROM t ORDER BY a NULLS ', ['FIRST', 'LAST'], ['a name', 'an expression']],
    ['', ['EXPLAIN', 'WITH', 'UPSERT', 'REPLACE', 'TABLE', 'DATE', 'INTERVAL'], ['OVER', 'MATCH', 'LATERAL']],
    ['EXPLAIN ', ['ANALYZE', 'SELECT', 'UPDATE'], ['OVER']],
    ['SELECT * ', ['EXCLUDE', 'WINDOW'], ['OVER', 'EXPLAIN', 'ANALYZE']],
    ['SELECT f(a) ', ['OVER', 'OVERLAPS', 'MATCH', 'FROM'], ['EXPLAIN', 'DATE']],
    ['SELECT a ', ['OVERLAPS'], ['OVER']],
    ['SELECT ', ['DATE', 'TIME', 'TIMESTAMP', 'INTERVAL', 'an expression'], ['OVER', 'UPSERT']],
    ['SELECT f(a) OVER (', ['PARTITION', 'ORDER', 'ROWS', 'RANGE', 'a name', ')'], ['SELECT']],
    ['SELECT f(a) OVER (ORDER BY a ROWS ', ['BETWEEN', 'CURRENT', 'an expression'], ['PARTITION', ')']],
    ['SELECT f(a) OVER (ORDER BY a ROWS 1 ', ['PRECEDING', 'FOLLOWING'], ['AND', ')']],
    ['SELECT * FROM t ', ['FOR', 'WINDOW', 'MATCH', 'CROSS'], ['LATERAL', 'OVER']],
    ['SELECT * FROM t, ', ['LATERAL', 'UNPIVOT'], ['WHERE']],
    ['SELECT * FROM t FOR SYSTEM_TIME ', ['AS'], ['a name', 'OF']],
    ['SELECT * FROM t FOR SYSTEM_TIME AS ', ['OF'], ['a name']],
    ['WITH ', ['a name', 'RECURSIVE'], ['SELECT']],
    ['a UNION ', ['ALL', 'CORRESPONDING', 'SELECT', 'TABLE'], ['FROM']],
    ["INTERVAL '1' DAY ", ['TO', 'an operator'], ['DAY']],
    ['INSERT INTO t VALUE 1 ', ['ON', 'RETURNING'], ['WHERE']],
    ['INSERT INTO t VALUE 1 ON CONFLICT ', ['DO', 'ON', 'WHERE', '('], ['RETURNING']],
    ['DELETE FROM t RETURNING ', ['MODIFIED', 'ALL'], ['OLD']],
    ['CREATE ', ['TABLE', 'INDEX', 'UNIQUE'], ['a name']],
    ['CREATE TABLE t (a INT ', ['NOT', 'UNIQUE', 'PRIMARY', 'CHECK', 'COMMENT', 'CONSTRAINT', ')', ','], ['OPTIONAL']],
    ['CAST(a AS LIST<INT', ['>'], [')', '<']],
    ['CREATE ', ['TABLE', 'INDEX'], ['a name']],
    ['CREATE TABLE ', ['a name'], ['TABLE', 'OFFSET', 'FIRST']],
    ['INSERT INTO t ', ['VALUE', 'an expression', 'SELECT'], ['FROM', 'the end of the statement']],
    ['DROP INDEX a ON b WITH (purge = ', ['TRUE', 'FALSE'], ['an expression']],
  ])('%s', (beginning, some, none) => {
    const next = expectedNext(beginning)
    for (const label of some) expect(next).toContain(label)
    for (const label of none) expect(next).not.toContain(label)
  })

  it('is unknown behind what is wrong already', () => {
    expect(expectedNext('SELECT SELECT')).toEqual([])
    expect(expectedNext("CAST(a AS nonsense) + '")).toEqual([])
  })
})
