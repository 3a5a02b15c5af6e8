/** What other databases call a function, in lower case, and what to write here. */
const FUNCTIONS_ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ['array_length', 'SIZE(list)'],
  ['concat', 'a || b'],
  ['curdate', 'CURRENT_DATE'],
  ['current_time', 'CURRENT_TIMESTAMP'],
  ['date_format', "TO_STRING(timestamp, 'y-MM-dd')"],
  ['date_part', 'EXTRACT(YEAR FROM timestamp)'],
  ['dateadd', 'DATE_ADD(DAY, 1, timestamp)'],
  ['datediff', 'DATE_DIFF(DAY, from, to)'],
  ['datetime', "TIMESTAMP '2026-01-31 13:30:00'"],
  ['day', 'EXTRACT(DAY FROM timestamp)'],
  ['getdate', 'UTCNOW()'],
  ['hour', 'EXTRACT(HOUR FROM timestamp)'],
  ['ifnull', 'COALESCE(a, b)'],
  ['iif', 'CASE WHEN condition THEN a ELSE b END'],
  ['instr', 'POSITION(part IN text)'],
  ['isnull', 'COALESCE(a, b), or a IS NULL'],
  ['lcase', 'LOWER(text)'],
  ['left', 'SUBSTRING(text, 1, count)'],
  ['len', 'CHAR_LENGTH(text)'],
  ['length', 'CHAR_LENGTH(text), or SIZE(list)'],
  ['ltrim', "TRIM(LEADING ' ' FROM text)"],
  ['minute', 'EXTRACT(MINUTE FROM timestamp)'],
  ['month', 'EXTRACT(MONTH FROM timestamp)'],
  ['now', 'UTCNOW()'],
  ['nvl', 'COALESCE(a, b)'],
  ['pow', 'POWER(a, b)'],
  ['round', 'FLOOR(number + 0.5), or CAST(number AS DECIMAL(10, 2))'],
  ['rtrim', "TRIM(TRAILING ' ' FROM text)"],
  ['second', 'EXTRACT(SECOND FROM timestamp)'],
  ['strpos', 'POSITION(part IN text)'],
  ['substr', 'SUBSTRING(text, start, count)'],
  ['sysdate', 'UTCNOW()'],
  ['to_char', "TO_STRING(timestamp, 'y-MM-dd')"],
  ['to_date', "CAST('2026-01-31' AS DATE)"],
  ['to_number', 'CAST(text AS DECIMAL)'],
  ['typeof', 'a IS STRING'],
  ['ucase', 'UPPER(text)'],
  ['year', 'EXTRACT(YEAR FROM timestamp)'],
])

/**
 * What to write instead of a function that other databases have; undefined when none is known.
 *
 * @param name in lower case
 */
export function functionElsewhere(name: string): string | undefined {
  return FUNCTIONS_ELSEWHERE.get(name)
}
