export const time = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const money = (side: string) =>
  `case when ${side}_amount is not null then json_build_object('amount', ${side}_amount, 'currency', ${side}_currency) end`;

/** What everybody is shown of a difference whom it is shown to. */
export const DIFFERENCE = `
  id, kind, case when repaired_at is null then 'open' else 'repaired' end as status, subject,
  ${money('provider')} as "atProvider", ${money('booked')} as booked,
  ${time('first_seen_at')} as "firstSeenAt", ${time('last_seen_at')} as "lastSeenAt", ${time('repaired_at')} as "repairedAt", repair`;

/** A page, newest first, of what is open or was closed in the last 30 days: $1 the id before it, $2 a status, $3 how many. */
export const ON_PAGE = `
  (repaired_at is null or repaired_at > now() - interval '30 days')
  and ($2::text is null or ($2 = 'open') = (repaired_at is null))
  and ($1::uuid is null or id < $1)
  order by id desc limit $3`;
