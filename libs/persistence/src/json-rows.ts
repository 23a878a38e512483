/** SQL: rows of a select as a JSON array, in its order; `[]` when there are none. So one statement reads many lists, as of one moment. */
export const jsonRows = (select: string): string => `(select coalesce(json_agg(row), '[]') from (${select}) row)`;

/** SQL: an instant as the API writes it, UTC with milliseconds and `Z`; null stays null. */
export const jsonInstant = (column: string): string =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
