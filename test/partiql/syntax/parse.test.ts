/** What statements mean. Every form of QLDB's guide, its drivers' tests and its samples is here, and the wider language. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LimitError } from '../../../src/errors.ts'
import { CLAUSE_WORDS, CONTEXT_WORDS, parse, type Statement } from '../../../src/partiql/syntax/index.ts'
import { readPage } from '../../grammar/page.ts'
import { SentenceMaker } from '../../grammar/sentences.ts'
import { printStatement } from './print-syntax.ts'

const meaning = (text: string): string => printStatement(parse(text))

describe('definitions', () => {
  it.each([
    ['CREATE TABLE NodeTestTable', '(create-table NodeTestTable)'],
    ["CREATE TABLE T WITH (aws_tags = `{'k':'v'}`)", '(create-table T aws_tags=`{k:v}`)'],
    ['create table "select"', '(create-table "select")'],
    ['DROP TABLE T', '(drop-table T)'],
    ['UNDROP TABLE "5PLf9SXwndd63lPaSIa0O6"', '(undrop-table "5PLf9SXwndd63lPaSIa0O6")'],
    ["UNDROP TABLE '5PLf9SXwndd63lPaSIa0O6'", '(undrop-table "5PLf9SXwndd63lPaSIa0O6")'],
    ['CREATE INDEX ON Person (GovId)', '(create-index Person GovId)'],
    ['CREATE INDEX on T (Name)', '(create-index T Name)'],
    ['CREATE INDEX ON T (a.b, "c")', '(create-index T a.b "c")'],
    [
      'DROP INDEX "4tPW3fUhaVhDinRgKRLhGU" ON T WITH (purge = true)',
      '(drop-index "4tPW3fUhaVhDinRgKRLhGU" T purge=true)',
    ],
    ['DROP INDEX "i" ON T', '(drop-index "i" T)'],
    ["EXEC redact_revision ?, 'tableId', 'docId'", "(exec redact_revision ?0 'tableId' 'docId')"],
    ['EXEC f', '(exec f)'],
    ['EXPLAIN DELETE FROM T', '(explain (delete (scan T)))'],
    ['explain analyze SELECT * FROM T', '(explain-analyze (select * (from (scan T))))'],
    ['EXPLAIN (ANALYZE) SELECT 1', '(explain-analyze (option ANALYZE) (select [1]))'],
    ['EXPLAIN (type logical, format json) a', '(explain (option type logical) (option format json) a)'],
    ['EXPLAIN (a) + 1', '(explain (+ a 1))'],
    ['EXPLAIN (a)', '(explain a)'],
    ['CREATE UNIQUE INDEX ON T (vin)', '(create-unique-index T vin)'],
    [
      "CREATE TABLE T (a INT, b OPTIONAL STRING NOT NULL UNIQUE COMMENT 'text', c: DECIMAL(5, 2))",
      '(create-table T (field a int) (field b optional string (not-null) (unique) comment=text) (field c decimal(5,2)))',
    ],
    [
      'CREATE TABLE T (a STRUCT<b: LIST<STRUCT<c INT>>, d BAG<ANY>> NULL, PRIMARY KEY (a, b), CONSTRAINT u UNIQUE (c))',
      '(create-table T (field a struct<(field b list<struct<(field c int)>>), (field d bag<any>)> (null)) (primary-key (a b)) (unique-key u (c)))',
    ],
    [
      'CREATE TABLE T (a INT CONSTRAINT positive CHECK (a > 0) PRIMARY KEY, CHECK (a <> b), unique INT, key INT UNIQUE)',
      '(create-table T (field a int (check positive (> a 0)) (primary-key)) (table-check (<> a b)) (field unique int) (field key int (unique)))',
    ],
    [
      "CREATE TABLE T (a INT) PARTITION BY (a, b) TBLPROPERTIES ('k' = 'v', 'l' = '')",
      '(create-table T (field a int) (partition (a b)) k=v l=)',
    ],
  ])('%s', (text, expected) => {
    expect(meaning(text).replaceAll('"', "'")).toBe(expected.replaceAll('"', "'"))
  })
})

describe('inserts', () => {
  it.each([
    ["INSERT INTO T VALUE {'a': 1}", "(insert T (value {'a': 1}))"],
    ["INSERT INTO T {'a': 1}", "(insert T {'a': 1})"],
    ['INSERT INTO T `{a: 1}`', '(insert T `{a:1}`)'],
    ['INSERT INTO T ?', '(insert T ?0)'],
    ['INSERT  INTO T <<?,?>>', '(insert T <<?0, ?1>>)'],
    ["INSERT INTO T << {'col': 1}, {'col': 2} >>", "(insert T <<{'col': 1}, {'col': 2}>>)"],
    ["INSERT INTO T [{'a': 1}, {'a': 2}]", "(insert T [{'a': 1}, {'a': 2}])"],
    ['INSERT INTO T (a, b) VALUES (1, 2), (3, 4)', '(insert T (a b) <<[1, 2], [3, 4]>>)'],
    ['INSERT INTO T (a) VALUES (1), (2)', '(insert T (a) <<[1], [2]>>)'],
    ['INSERT INTO T AS t VALUE ?', '(insert T as t (value ?0))'],
    ['INSERT INTO T DEFAULT VALUES', '(insert T default-values)'],
    ['INSERT INTO T SELECT * FROM U', '(insert T (select * (from (scan U))))'],
    ['INSERT INTO T (SELECT a FROM U)', '(insert T (select [a] (from (scan U))))'],
    ['INSERT INTO T (a)', '(insert T a)'],
    ['INSERT INTO T.a[0] VALUE 1', '(insert-into T.a[0] 1)'],
    ["INSERT INTO T VALUE 1 AT 'k'", "(insert-into T 1 'k')"],
  ])('%s', (text, expected) => {
    expect(meaning(text).replaceAll('"', "'")).toBe(expected)
  })
})

describe('updates, deletes and FROM', () => {
  it.each([
    [
      'UPDATE DriversLicense AS d SET d.ValidFrom = ?, d.ValidTo = ? WHERE d.LicenseNumber = ?',
      '(update (scan DriversLicense as d) (set d.ValidFrom=?0 d.ValidTo=?1) (where (= d.LicenseNumber ?2)))',
    ],
    ['UPDATE T SET Name = ?', '(update (scan T) (set Name=?0))'],
    ['UPDATE T t BY id SET t."A b"[\'c\'][0] = 1', "(update (scan T as t by id) (set t.'A b'['c'][0]=1))"],
    ["UPDATE T INSERT INTO a.b VALUE 1 AT 'k' WHERE c", "(update (scan T) (insert-into a.b 1 'k') (where c))"],
    ['UPDATE T AS t REMOVE t.x REMOVE t.y', '(update (scan T as t) (remove t.x) (remove t.y))'],
    ['DELETE FROM T AS d WHERE d.x = ?', '(delete (scan T as d) (where (= d.x ?0)))'],
    ['DELETE FROM T d BY id WHERE id = ?', '(delete (scan T as d by id) (where (= id ?0)))'],
    [
      "FROM VehicleRegistration AS r \nWHERE r.VIN = '1N4AL11D75C109151'\nINSERT INTO r.Owners.SecondaryOwners\n    VALUE { 'PersonId' : 'CMVdR77XP8zAglmmFDGTvt' }",
      "(from (scan VehicleRegistration as r) (where (= r.VIN '1N4AL11D75C109151')) (insert-into r.Owners.SecondaryOwners {'PersonId': 'CMVdR77XP8zAglmmFDGTvt'}))",
    ],
    [
      'FROM VehicleRegistration AS v WHERE v.VIN = ?INSERT INTO v.Owners.SecondaryOwners VALUE ?',
      '(from (scan VehicleRegistration as v) (where (= v.VIN ?0)) (insert-into v.Owners.SecondaryOwners ?1))',
    ],
    [
      'FROM T AS t, @t.coll AS x WHERE x.a = 1 SET x.b = 2, t.c = 3',
      '(from (cross-join (scan T as t) (scan @t.coll as x)) (where (= x.a 1)) (set x.b=2 t.c=3))',
    ],
    ['FROM T AS x REMOVE x', '(from (scan T as x) (remove x))'],
  ])('%s', (text, expected) => {
    expect(meaning(text).replaceAll('"', "'")).toBe(expected)
  })
})

describe('queries', () => {
  it.each([
    [
      "SELECT VALUE indexes[0] FROM information_schema.user_tables WHERE status = 'ACTIVE'AND name = 'T'",
      "(select (value indexes[0]) (from (scan information_schema.user_tables)) (where (and (= status 'ACTIVE') (= name 'T'))))",
    ],
    [
      'SELECT data.Owners.PrimaryOwner, metadata.version FROM history (T, `2000T`, `2019-06-05T00:00:00.000Z`) AS h WHERE h.metadata.id = ?',
      '(select [data.Owners.PrimaryOwner, metadata.version] (from (scan (history() T `2000T` `2019-06-05T00:00:00.000Z`) as h)) (where (= h.metadata.id ?0)))',
    ],
    ["SELECT * FROM history('tableId')", "(select * (from (scan (history() 'tableId'))))"],
    ['SELECT COUNT(*) FROM T', '(select [(count() *)] (from (scan T)))'],
    ['SELECT COUNT(DISTINCT a), SUM(ALL b) FROM T', '(select [(count() distinct a), (sum() all b)] (from (scan T)))'],
    [
      'SELECT VALUE Name FROM "T" WHERE Name IN (?,?)',
      "(select (value Name) (from (scan 'T')) (where (in Name [?0, ?1])))",
    ],
    [
      'SELECT id FROM Person AS t BY id WHERE t.GovId = ?',
      '(select [id] (from (scan Person as t by id)) (where (= t.GovId ?0)))',
    ],
    ['SELECT p.* FROM Person AS p BY pid', '(select [p.*] (from (scan Person as p by pid)))'],
    ['SELECT p.a.* FROM Person AS p', '(select [p.a.*] (from (scan Person as p)))'],
    [
      'SELECT Vehicle FROM Vehicle INNER JOIN VehicleRegistration AS r ON Vehicle.VIN = r.VIN WHERE r.Owners.PrimaryOwner.PersonId = ?',
      '(select [Vehicle] (from (inner-join (scan Vehicle) (scan VehicleRegistration as r) (= Vehicle.VIN r.VIN))) (where (= r.Owners.PrimaryOwner.PersonId ?0)))',
    ],
    [
      'SELECT * FROM T as a, T as b, T c',
      '(select * (from (cross-join (cross-join (scan T as a) (scan T as b)) (scan T as c))))',
    ],
    ['SELECT 1 FROM << 0 >>', '(select [1] (from (scan <<0>>)))'],
    [
      'SELECT (SELECT o.PersonId FROM @r.Owners.SecondaryOwners AS o) AS o FROM R AS r AT i BY d',
      '(select [(select [o.PersonId] (from (scan @r.Owners.SecondaryOwners as o)))=>o] (from (scan R as r at i by d)))',
    ],
    ['SELECT DISTINCT a AS "b c", d e FROM T', "(select-distinct [a=>'b c', d=>e] (from (scan T)))"],
    [
      'SELECT a FROM T LET b + 1 AS c WHERE c > 1 GROUP BY a AS x, b GROUP AS g HAVING COUNT(*) > 1 ORDER BY a DESC NULLS LAST, b LIMIT 1 OFFSET 2',
      '(query (select [a] (from (scan T)) (let c (+ b 1)) (where (> c 1)) (group-by (key a x) (key b) g) (having (> (count() *) 1))) (order (desc last a) (asc b)) (limit 1) (offset 2))',
    ],
    ['SELECT a FROM T GROUP ALL GROUP AS g', '(select [a] (from (scan T)) (group-all g))'],
    ['SELECT a FROM T GROUP PARTIAL BY a', '(select [a] (from (scan T)) (group-partial (key a)))'],
    ['SELECT a FROM T ORDER BY PRESERVE', '(query (select [a] (from (scan T))) (order preserve))'],
    ['PIVOT v AT k FROM T', '(select (pivot v k) (from (scan T)))'],
    ['SELECT * FROM UNPIVOT t AS v AT n', '(select * (from (unpivot t as v at n)))'],
    [
      'SELECT 1 UNION SELECT 2 INTERSECT ALL SELECT 3 OUTER EXCEPT 4 LIMIT 5',
      '(query (outer-except-distinct (union-distinct (select [1]) (intersect-all (select [2]) (select [3]))) 4) (limit 5))',
    ],
    [
      'SELECT a FROM b OUTER UNION SELECT c FROM d',
      '(outer-union-distinct (select [a] (from (scan b))) (select [c] (from (scan d))))',
    ],
    [
      'SELECT * FROM a LEFT OUTER JOIN b ON x CROSS JOIN c FULL JOIN d ON y RIGHT CROSS JOIN LATERAL e',
      '(select * (from (right-join (full-join (cross-join (left-join (scan a) (scan b) x) (scan c)) (scan d) y) (scan e))))',
    ],
    [
      'SELECT * FROM a, (b AS c JOIN d ON x)',
      '(select * (from (cross-join (scan a) (inner-join (scan b as c) (scan d) x))))',
    ],
    [
      'SELECT * FROM ((a JOIN b ON x)) JOIN c ON y',
      '(select * (from (inner-join (inner-join (scan a) (scan b) x) (scan c) y)))',
    ],
    [
      'SELECT * FROM (SELECT a AS b FROM c JOIN d ON x) AS e',
      '(select * (from (scan (select [a=>b] (from (inner-join (scan c) (scan d) x))) as e)))',
    ],
    [
      'SELECT * FROM ((SELECT 1) UNION (SELECT 2)) u',
      '(select * (from (scan (union-distinct (select [1]) (select [2])) as u)))',
    ],
    ['SELECT * FROM (t)', '(select * (from (scan t)))'],
    ['SELECT EXISTS(SELECT 1 FROM t)', '(select [(exists() (select [1] (from (scan t))))])'],
    ['1 + 1;', '(+ 1 1)'],
    ['SELECT 1;;', '(select [1])'],
  ])('%s', (text, expected) => {
    expect(meaning(text).replaceAll('"', "'")).toBe(expected)
  })
})

describe('expressions', () => {
  it.each([
    ['a OR b AND NOT c = d', '(or a (and b (not (= c d))))'],
    ['a AND b AND c OR d OR e', '(or (and a b c) d e)'],
    ['a BETWEEN 1 AND 2 AND b', '(and (between a 1 2) b)'],
    ['a NOT BETWEEN b + 1 AND c || d', '(not-between a (+ b 1) (|| c d))'],
    ['a + b * -c - d', '(- (+ a (* b (- c))) d)'],
    ["'x' || 1 + 2", "(|| 'x' (+ 1 2))"],
    ['a - b - c', '(- (- a b) c)'],
    ['a = b IS TRUE', '(is (= a b) true)'],
    ['a = b = c', '(= (= a b) c)'],
    ['NOT a IS NULL', '(not (is a null))'],
    ['a IS NOT MISSING', '(not-is a missing)'],
    ['a IS UNKNOWN', '(is a unknown)'],
    ["a LIKE 'x%' ESCAPE '!' AND b", "(and (like a 'x%' '!') b)"],
    ["a NOT LIKE b || '%'", "(not-like a (|| b '%'))"],
    ['a IN b', '(in a b)'],
    ['a IN (b)', '(in a [b])'],
    ['a NOT IN (b, c)', '(not-in a [b, c])'],
    ['a IN (SELECT b FROM c)', '(in a (select [b] (from (scan c))))'],
    ['a IN [b] OR c', '(or (in a [b]) c)'],
    ['a != b', '(<> a b)'],
    ['- - a', '(- (- a))'],
    ['-a.b', '(- a.b)'],
    ['NOT NOT a', '(not (not a))'],
    ['(a + b) * c', '(* (+ a b) c)'],
    ['(a, b)', '[a, b]'],
    ["a.\"b\".'c'[0]['d'][*].*[?]", "a.'b'.'c'[0]['d'][*].*[?0]"],
    ["{'a': 1, b: [<<>>, {}]}.a", "{'a': 1, b: [<<>>, {}]}.a"],
    ['<<<<1>>, <<>>>>', '<<<<1>>, <<>>>>'],
    ['CASE WHEN a THEN 1 ELSE 2 END', '(case (when a 1) (else 2))'],
    ['CASE a WHEN 1 THEN b WHEN 2 THEN c END', '(case a (when 1 b) (when 2 c))'],
    ['CAST(a AS DECIMAL(10, 2))', '(cast a decimal(10,2))'],
    ['CAN_CAST(a AS DOUBLE PRECISION)', '(can_cast a double)'],
    ['CAST(a AS CHARACTER VARYING (5))', '(cast a varchar(5))'],
    ['CAST(a AS TIME (3) WITH TIME ZONE)', '(cast a time(3) zoned)'],
    ['a IS TIMESTAMP WITHOUT TIME ZONE', '(is a timestamp unzoned)'],
    ['a IS NOT integer', '(not-is a int)'],
    ["DATE '2024-02-29'", '(date 2024-02-29)'],
    ["TIME (2) WITH TIME ZONE '13:30:00+01:00'", '(time 2 zoned 13:30:00+01:00)'],
    ["TIMESTAMP '2026-01-31 13:30:00.123'", '(timestamp 2026-01-31 13:30:00.123)'],
    ["TRIM(BOTH '12' FROM a)", "(trim both '12' a)"],
    ['TRIM(leading FROM a)', '(trim leading a)'],
    ['TRIM(a)', '(trim both a)'],
    ["TRIM('x' FROM a)", "(trim both 'x' a)"],
    ['SUBSTRING(a, 1, 2)', '(substring() a 1 2)'],
    ['SUBSTRING(a FROM 1 FOR 2)', '(substring() a 1 2)'],
    ["POSITION('a' IN b)", "(position() 'a' b)"],
    ['OVERLAY(a PLACING b FROM 1)', '(overlay() a b 1)'],
    ['EXTRACT(timezone_hour FROM a)', '(extract timezone_hour a)'],
    ['DATE_ADD(year, 1, a)', '(date-add year 1 a)'],
    ['date_diff(MONTH, a, b)', '(date-diff month a b)'],
    ['COALESCE(a, NULLIF(b, c))', '(coalesce() a (nullif() b c))'],
    ['UTCNOW ( )', '(utcnow())'],
    ['CURRENT_DATE', '(current_date())'],
    ['LIST(1, 2)', '[1, 2]'],
    ['SEXP(1, 2)', '(sexp 1 2)'],
    ['ROW(1)', '[1]'],
    ['"Quoted"(1)', "('Quoted'() 1)"],
    ['@a.b', '@a.b'],
    ['`note::{a: 1}`', '`note::{a:1}`'],
    ['NULL', 'null'],
    ['MISSING', 'missing'],
    ['1.50', '1.50'],
    ["'it''s'", "'it\\'s'"],
  ])('%s', (text, expected) => {
    expect(meaning(text).replaceAll('"', "'")).toBe(expected.replaceAll('\\', ''))
  })
})

describe('what SQL has beyond QLDB', () => {
  it.each([
    ['WITH a AS (SELECT 1), b (x, y) AS (a) SELECT 2', '(query (select [2]) (with (a (select [1])) (b (x y) a)))'],
    ['WITH RECURSIVE r AS (r) r', '(query r (with-recursive (r r)))'],
    ['(WITH a AS (b) a)', '(query a (with (a b)))'],
    ['SELECT * FROM (WITH a AS (b) a) AS c', '(select * (from (scan (query a (with (a b))) as c)))'],
    ['INSERT INTO t WITH a AS (b) SELECT 1', '(insert t (query (select [1]) (with (a b))))'],
    ['TABLE a.b OUTER UNION ALL TABLE c', '(outer-union-all (table a.b) (table c))'],
    ['TABLE a ORDER BY b LIMIT 1', '(query (table a) (order (asc b)) (limit 1))'],
    ['a UNION CORRESPONDING b', '(union-distinct (corresponding) a b)'],
    [
      'SELECT * FROM (a UNION CORRESPONDING BY (x) b)',
      '(select * (from (scan (union-distinct (corresponding (x)) a b))))',
    ],
    ['a EXCEPT ALL CORRESPONDING BY (x, y) SELECT 1', '(except-all (corresponding (x y)) a (select [1]))'],
    [
      `SELECT * EXCLUDE t.a, t."b"[*].c.*[0]['d'] FROM t`,
      `(select * (exclude t.a t."b"[*].c.*[0]['d']) (from (scan t)))`,
    ],
    ['SELECT a.* EXCLUDE b[*] FROM c', '(select [a.*] (exclude b[*]) (from (scan c)))'],
    ['SELECT * FROM t FOR SYSTEM_TIME AS OF ? AS p BY id', '(select * (from (scan t as-of ?0 as p by id)))'],
    ['SELECT * FROM t FOR SYSTEM_TIME AS OF 7, u', '(select * (from (cross-join (scan t as-of 7) (scan u))))'],
    ['SELECT * FROM (t FOR SYSTEM_TIME AS OF -1)', '(select * (from (scan t as-of (- 1))))'],
    ['SELECT * FROM a LEFT CROSS JOIN b', '(select * (from (left-join (scan a) (scan b))))'],
    ['SELECT * FROM a FULL OUTER JOIN LATERAL b ON c', '(select * (from (full-join (scan a) (scan b) c)))'],
    ['SELECT * FROM t GROUP ALL GROUP AS g', '(select * (from (scan t)) (group-all g))'],
    ['SELECT * FROM t GROUP PARTIAL BY a, b AS c', '(select * (from (scan t)) (group-partial (key a) (key b c)))'],
    ['SELECT * FROM t ORDER BY PRESERVE', '(query (select * (from (scan t))) (order preserve))'],
    ['SELECT RANK() OVER () FROM t', '(select [(rank() (over (window)))] (from (scan t)))'],
    ['SELECT lag(a, 1) OVER w AS b FROM t', '(select [(lag() a 1 (over (window w)))=>b] (from (scan t)))'],
    [
      'SELECT SUM(a) OVER (w PARTITION BY b, c ORDER BY d DESC ROWS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE TIES)',
      '(select [(sum() a (over (window w (partition b c) (order (desc d)) (rows (preceding 1) current-row ties))))])',
    ],
    [
      "SELECT * FROM t WINDOW w AS (ORDER BY a RANGE INTERVAL '1' DAY FOLLOWING), v AS (GROUPS UNBOUNDED PRECEDING)",
      '(select * (from (scan t)) (window w (window (order (asc a)) (range (following (interval 1 day))))) (window v (window (groups unbounded-preceding))))',
    ],
    ['(a, b) OVERLAPS (c, d) AND e', '(and (overlaps [a, b] [c, d]) e)'],
    ["INTERVAL '1' YEAR + INTERVAL -'2-3' YEAR(4) TO MONTH", '(+ (interval 1 year) (interval - 2-3 year-month(4,_)))'],
    ["INTERVAL '1' SECOND(2, 6)", '(interval 1 second(2,6))'],
    ["INTERVAL '1' DAY TO SECOND(3)", '(interval 1 day-second(_,3))'],
    ['CAST(a AS INTERVAL DAY TO HOUR)', '(cast a interval day-hour)'],
    ['a IS NOT LIST<INT> AND b < c', '(and (not-is a list<int>) (< b c))'],
    ['<<a IS LIST<INT>>>', '<<(is a list<int>)>>'],
    ['<<list < 5>>', '<<(< list 5)>>'],
    [
      'CAST(a AS STRUCT<b OPTIONAL: TIME (3) WITH TIME ZONE, c: SEXP<BAG<INT8>>>)',
      '(cast a struct<(field b optional time(3) zoned), (field c sexp<bag<int8>>)>)',
    ],
    ['COLL_SUM(ALL SELECT VALUE a FROM b)', '(coll_sum() all (select (value a) (from (scan b))))'],
    ['[(), (1), (1, 2)]', '[[], 1, [1, 2]]'],
    ['SELECT * FROM (g MATCH (a)-[e:L]->(b)) AS m', '(select * (from (scan (match g graph-pattern) as m)))'],
    ['SELECT * FROM g MATCH (a) WHERE b', '(select * (from (scan (match g graph-pattern))) (where b))'],
    ['UPSERT INTO t VALUE 1', '(upsert t (value 1))'],
    ['REPLACE INTO t AS a (x, y) VALUES (1, 2)', '(replace t as a (x y) <<[1, 2]>>)'],
    ['INSERT INTO t (a) DEFAULT VALUES', '(insert t (a) default-values)'],
    ['INSERT INTO t VALUE 1 ON CONFLICT DO NOTHING', '(insert t (value 1) (conflict do-nothing))'],
    ['INSERT INTO t ? ON CONFLICT (a, b) DO UPDATE EXCLUDED', '(insert t ?0 (conflict (a b) (do-update excluded)))'],
    [
      'INSERT INTO t a ON CONFLICT ON CONSTRAINT c DO UPDATE SET x = EXCLUDED.x WHERE y RETURNING MODIFIED NEW *, ALL OLD z',
      '(insert t a (conflict c (do-update (set x=EXCLUDED.x) (where y))) (returning (modified new *) (all old z)))',
    ],
    ['INSERT INTO t a ON CONFLICT WHERE b DO NOTHING', '(insert t a (conflict (where b) do-nothing))'],
    ['INSERT INTO t a ON CONFLICT DO REPLACE VALUE 1', '(insert t a (conflict (do-replace (value 1))))'],
    ['DELETE FROM t WHERE a RETURNING ALL OLD *', '(delete (scan t) (where a) (returning (all old *)))'],
    ['UPDATE t SET a = 1 RETURNING ALL NEW a.b', '(update (scan t) (set a=1) (returning (all new a.b)))'],
    ['FROM t REMOVE a RETURNING ALL OLD *', '(from (scan t) (remove a) (returning (all old *)))'],
    ['INSERT INTO t.a VALUE 1 RETURNING ALL OLD *', '(insert-into t.a 1) (returning (all old *))'],
  ])('%s', (text, expected) => {
    expect(meaning(text).replaceAll('"', "'")).toBe(expected.replaceAll('"', "'"))
  })
})

describe('words that are keywords only in their place', () => {
  it.each([
    [
      'SELECT date, time, timestamp, year, "order" FROM t',
      "(select [date, time, timestamp, year, 'order'] (from (scan t)))",
    ],
    ['SELECT t.position, t.first FROM list AS t', '(select [t.position, t.first] (from (scan list as t)))'],
    ['SELECT offset, let AS limit_ FROM t AS offset', '(select [offset, let=>limit_] (from (scan t as offset)))'],
    ['SELECT trim, explain FROM t trim', '(select [trim, explain] (from (scan t as trim)))'],
    [
      'SELECT name, status, id, version, data, metadata, indexes, col FROM t',
      '(select [name, status, id, version, data, metadata, indexes, col] (from (scan t)))',
    ],
    [
      'SELECT first FROM t ORDER BY last NULLS first',
      '(query (select [first] (from (scan t))) (order (asc first last)))',
    ],
    ['INSERT INTO position (a) VALUES (1)', '(insert position (a) <<[1]>>)'],
    ['SELECT * FROM a, lateral', '(select * (from (cross-join (scan a) (scan lateral))))'],
    ['SELECT * FROM a, LATERAL a.b', '(select * (from (cross-join (scan a) (scan a.b))))'],
    ['SELECT trim(both) FROM t', '(select [(trim both both)] (from (scan t)))'],
  ])('%s', (text, expected) => {
    expect(meaning(text).replaceAll('"', "'")).toBe(expected)
  })

  it('keeps the case of names and whether they were quoted', () => {
    expect(meaning('SELECT Name, "Name" FROM Person AS "P"')).toBe(
      '(select [Name, "Name"] (from (scan Person as "P")))',
    )
    expect(meaning('SELECT "a ""b""" FROM t')).toBe('(select ["a "b""] (from (scan t)))')
  })

  it('numbers parameters from 0 and counts them, in explained statements too', () => {
    const statement = parse('EXPLAIN SELECT ? FROM t WHERE a = ? AND b IN (?, ?)') as Extract<
      Statement,
      { kind: 'explain' }
    >
    expect(statement.parameterCount).toBe(4)
    expect(statement.statement.parameterCount).toBe(4)
    expect(parse('SELECT 1').parameterCount).toBe(0)
  })
})

/** Every node with a location under a node. */
function located(node: object): { readonly kind?: string; readonly location: { offset: number; length: number } }[] {
  return Object.entries(node).flatMap(([key, member]) => {
    if (typeof member !== 'object' || member === null || key === 'location' || key === 'value') return []
    return 'location' in member ? [member as ReturnType<typeof located>[number]] : located(member)
  })
}

describe('locations', () => {
  it('lie inside the text, and inside the node around, for whatever parses', () => {
    const page = readPage()
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const text = new SentenceMaker(page, seed).make('statement', 12).join(' ')
        const statement = parse(text)
        expect(statement.location).toEqual({ offset: 0, length: text.length })
        const open: ReturnType<typeof located> = [statement]
        for (let node = open.pop(); node !== undefined; node = open.pop()) {
          const end = node.location.offset + node.location.length
          for (const inner of located(node)) {
            expect(inner.location.length).toBeGreaterThan(0)
            expect(inner.location.offset).toBeGreaterThanOrEqual(node.location.offset)
            expect(inner.location.offset + inner.location.length).toBeLessThanOrEqual(end)
            open.push(inner)
          }
        }
      }),
      { numRuns: 300 },
    )
  })

  it('cover what was written', () => {
    const text = "UPDATE Person AS p SET p.name = 'x' || ? WHERE p.id IN (1, 2)"
    const statement = parse(text) as Extract<Statement, { kind: 'update' }>
    const [set] = statement.operations
    const cut = ({ location: { offset, length } }: { location: { offset: number; length: number } }): string =>
      text.slice(offset, offset + length)
    expect(cut(statement.from)).toBe('Person AS p')
    expect(set?.kind === 'set' && set.assignments.map(cut)).toEqual(["p.name = 'x' || ?"])
    expect(set?.kind === 'set' && set.assignments.map(({ value }) => cut(value))).toEqual(["'x' || ?"])
    expect(cut(statement.where!)).toBe('p.id IN (1, 2)')
  })
})

function codeOf(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error instanceof LimitError ? error.code : error
  }
  return 'no error'
}

describe('words that QLDB does not reserve', () => {
  const uses: readonly ((word: string) => string)[] = [
    (word) => `SELECT ${word}, t.${word}, ${word}.a, ${word}[0] FROM ${word} AS ${word} WHERE ${word} = 1`,
    (word) => `SELECT * FROM t WHERE ${word} < 5 AND ${word} - 1 > 2 AND ${word} BETWEEN 1 AND 2 OR NOT ${word}`,
    (word) => `SELECT * FROM t WHERE ${word} IN (1, 2) AND ${word} LIKE 'a' AND ${word} IS NOT NULL AND (${word})`,
    (word) => `SELECT COUNT(${word}), [${word}, 1], {'${word}': ${word}}, 1 + ${word} FROM t GROUP BY ${word}`,
    (word) => `SELECT * FROM a JOIN ${word} ON ${word}.x = a.${word} ORDER BY ${word}, ${word} DESC LIMIT 1`,
    (word) => `SELECT a AS ${word} FROM t AS ${word} AT ${word} BY ${word}`,
    (word) => `SELECT * FROM history(${word}) AS ${word}, @${word}`,
    (word) => `INSERT INTO ${word} VALUE {'${word}': 1}`,
    (word) => `INSERT INTO ${word} (${word}, a) VALUES (1, 2)`,
    (word) => `INSERT INTO ${word} ?`,
    (word) => `UPDATE ${word} SET ${word} = 1, ${word}.a = ${word} WHERE ${word} = 2`,
    (word) => `UPDATE ${word} AS ${word} SET ${word}.${word} = ${word} + 1`,
    (word) => `DELETE FROM ${word} WHERE ${word}.a = ${word}`,
    (word) => `FROM ${word} AS ${word} WHERE ${word}.a = 1 REMOVE ${word}.b`,
    (word) => `CREATE TABLE ${word}`,
    (word) => `CREATE INDEX ON ${word} (${word})`,
    (word) => `DROP TABLE ${word}`,
  ]
  const bareUses: readonly ((word: string) => string)[] = [
    (word) => `SELECT a ${word} FROM t ${word} WHERE a`,
    (word) => `SELECT a ${word}, b FROM t ${word}, u`,
    (word) => `SELECT * FROM t ${word} JOIN u ON 1 = 1`,
    (word) => `SELECT * FROM (SELECT a FROM t) ${word} GROUP BY b`,
    (word) => `UPDATE t ${word} SET a = 1`,
    (word) => `DELETE FROM t ${word} WHERE a`,
    (word) => `FROM t ${word} SET a = 1`,
  ]
  const always = new Set(['LET', 'NULLS', 'OFFSET'])

  it.each([...CLAUSE_WORDS, ...CONTEXT_WORDS])('%s may be a name', (word) => {
    for (const spelling of [word, word.toLowerCase()]) {
      for (const use of [...uses, ...(always.has(word) ? [] : bareUses)]) {
        expect(
          codeOf(() => parse(use(spelling))),
          use(spelling),
        ).toBe('no error')
      }
    }
  })
})

describe('limits', () => {
  const nest = (open: string, middle: string, close: string, count: number): string =>
    open.repeat(count) + middle + close.repeat(count)

  it.each([
    ['(', '1', ')'],
    ['[', '1', ']'],
    ['<<', '1', '>>'],
    ["{'a': ", '1', '}'],
    ['f(', '1', ')'],
    ['CASE WHEN ', '1', ' THEN 1 END'],
    ['CAST(', '1', ' AS INT)'],
    ['TRIM(BOTH FROM ', 'a', ')'],
    ['(SELECT a FROM ', 't', ')'],
    ['a IN (', '1', ')'],
    ['a[', '1', ']'],
    ['(WITH a AS (', '1', ') a)'],
    ['f() OVER (PARTITION BY ', '1', ')'],
    ['f() OVER (ORDER BY a ROWS ', '1', ' PRECEDING)'],
    ['(a, b) OVERLAPS (', '1', ', 2)'],
    ['(SELECT * FROM t FOR SYSTEM_TIME AS OF ', '1', ')'],
    ['(SELECT a UNION CORRESPONDING ', '1', ')'],
    ['CAST(1 AS STRUCT<a INT CHECK (', '1', ')>)'],
  ])('refuses %s…%s…%s nested without end, and takes it 60 deep', (open, middle, close) => {
    expect(codeOf(() => parse(nest(open, middle, close, 60)))).toBe('no error')
    const most = Math.floor(900_000 / (open.length + close.length))
    expect(codeOf(() => parse(nest(open, middle, close, Math.min(20_000, most))))).toBe('STATEMENT_TOO_DEEP')
    expect(codeOf(() => parse(open.repeat(Math.min(50_000, most))))).toBe('STATEMENT_TOO_DEEP')
  })

  it('refuses types and graph patterns nested without end', () => {
    for (const [head, open, middle, close, tail] of [
      ['CAST(1 AS ', 'LIST<', 'INT', '>', ')'],
      ['CAST(1 AS ', 'STRUCT<a ', 'INT', '>', ')'],
      ['(g MATCH (a:', '(', 'L', ')', '))'],
      ['(g MATCH (a:', '!', 'L', '', '))'],
      ['(g MATCH ', '(', '(a)', '->+)', ')'],
      ['', '(g MATCH (a WHERE ', '1', '))', ''],
    ] as const) {
      const text = (count: number): string => head + nest(open, middle, close, count) + tail
      expect(
        codeOf(() => parse(text(40))),
        text(2),
      ).toBe('no error')
      expect(
        codeOf(() => parse(text(20_000))),
        text(2),
      ).toBe('STATEMENT_TOO_DEEP')
    }
  })

  it('refuses joins in parentheses nested without end', () => {
    const text = (count: number): string => `SELECT * FROM ${nest('(', 'a JOIN b ON c', ')', count)}`
    expect(codeOf(() => parse(text(100)))).toBe('no error')
    expect(codeOf(() => parse(text(300)))).toBe('STATEMENT_TOO_DEEP')
  })

  it.each([
    ['AND', 'a = 1'],
    ['OR', 'b'],
  ])('takes a chain of 10 000 %s as one node', (word, operand) => {
    const statement = parse(Array.from({ length: 10_000 }, () => operand).join(` ${word} `))
    const body = (statement as Extract<Statement, { kind: 'query-statement' }>).query.body
    expect(body.kind === 'logical' && body.operands.length).toBe(10_000)
  })

  it.each([[' + '], [' || '], [' UNION '], [' = ']])(
    'takes a chain of 800 joined by%s, and refuses 10 000',
    (operator) => {
      const chain = (count: number): string => Array.from({ length: count }, () => 'a').join(operator)
      expect(codeOf(() => parse(chain(800)))).toBe('no error')
      expect(codeOf(() => parse(chain(10_000)))).toBe('STATEMENT_TOO_DEEP')
    },
  )

  it('takes many operators that do not chain', () => {
    const items = Array.from({ length: 10_000 }, (_, index) => `${index} + 1`)
    expect(codeOf(() => parse(`[${items.join(',')}]`))).toBe('no error')
  })

  it('refuses prefix operators, steps, joins and IS NULL chained without end', () => {
    expect(codeOf(() => parse(`${'NOT '.repeat(5000)}a`))).toBe('STATEMENT_TOO_DEEP')
    expect(codeOf(() => parse(`a${' IS NULL'.repeat(5000)}`))).toBe('STATEMENT_TOO_DEEP')
    expect(codeOf(() => parse(`a${'.b'.repeat(50_000)}`))).toBe('STATEMENT_TOO_DEEP')
    expect(codeOf(() => parse(`a${'[0]'.repeat(50_000)}`))).toBe('STATEMENT_TOO_DEEP')
    expect(codeOf(() => parse(`UPDATE t SET a${'.b'.repeat(50_000)} = 1`))).toBe('STATEMENT_TOO_DEEP')
    expect(codeOf(() => parse(`a${'.b'.repeat(500)}`))).toBe('no error')
    expect(codeOf(() => parse(`SELECT * FROM a${', b'.repeat(5000)}`))).toBe('STATEMENT_TOO_DEEP')
  })

  it('refuses a text longer than the limit, which can be set', () => {
    expect(codeOf(() => parse(`SELECT '${'x'.repeat(999_991)}'`))).toBe('no error')
    expect(codeOf(() => parse(`SELECT '${'x'.repeat(999_992)}'`))).toBe('STATEMENT_TOO_LONG')
    expect(codeOf(() => parse('SELECT 1', { lengthCharacters: 7 }))).toBe('STATEMENT_TOO_LONG')
    expect(codeOf(() => parse('((1))', { depth: 2 }))).toBe('STATEMENT_TOO_DEEP')
  })

  it('says so when the stack that is left is too small, and works again with more', () => {
    const text = nest('f(', '1', ')', 120)
    const codes = new Set<unknown>()
    const descend = (level: number): void => {
      try {
        descend(level + 1)
      } catch {
        // Out of stack; on the way back there is a little more of it at every call.
      }
      if (level % 500 !== 0 || codes.has('no error')) return
      const code = codeOf(() => parse(text))
      // At the very end of the stack nothing can be said at all.
      if (!(code instanceof RangeError)) codes.add(code)
    }
    descend(1)
    expect([...codes]).toEqual(['STATEMENT_TOO_DEEP', 'no error'])
    expect(codeOf(() => parse(text))).toBe('no error')
  })

  it('works as before after a statement that failed', () => {
    expect(codeOf(() => parse('('.repeat(1000)))).toBe('STATEMENT_TOO_DEEP')
    expect(() => parse('SELECT (1')).toThrow()
    expect(meaning('a + ?')).toBe('(+ a ?0)')
  })
})
