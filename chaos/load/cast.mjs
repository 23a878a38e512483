import { People } from '../../bench/stage/people.mjs';
import { Sale } from '../../bench/stage/sale.mjs';

const ORGANIZATIONS = 3;
const BUYERS = 60;
/** Cents that a ticket of an organization's events costs: dear, cheap, nothing. */
const PRICES = [4500, 1250, 0];
/** Of the tickets that are wished for there are so many, so that every event sells out while holds still end. */
const SCARCITY = 0.5;
/** Tokens last ten minutes. */
const SIGN_IN_AGAIN = 4 * 60_000;

/**
 * Who takes part: organizers with their events, and buyers, each with an access token that stays fresh until `dismiss`.
 * @param wished tickets that buyers will ask for altogether
 */
export async function assemble({ platform, inner }, wished) {
  const people = await People.of({ url: platform.url, inner });
  const cast = await people.join(ORGANIZATIONS + BUYERS);
  const organizers = cast.slice(0, ORGANIZATIONS);
  const capacity = Math.max(4, Math.ceil((wished * SCARCITY) / (ORGANIZATIONS * PRICES.length)));
  const events = [];
  for (const organizer of organizers) {
    const sale = new Sale(platform.url);
    sale.organizer = organizer.headers;
    for (const amount of PRICES) events.push({ ...(await sale.event(capacity, amount)), amount, organizer });
  }
  const again = setInterval(async () => {
    const fresh = await people.signIn(cast.map(({ id }) => id));
    cast.forEach((person, n) => Object.assign(person.headers, fresh[n].headers));
  }, SIGN_IN_AGAIN);
  return { events, buyers: cast.slice(ORGANIZATIONS), dismiss: () => clearInterval(again) };
}

/** How many there are, for who plans. */
export const SIZES = { buyers: BUYERS, events: ORGANIZATIONS * PRICES.length };
