import type { Admissions } from '@app/contracts';

/** Tickets of an event that are alike. */
export interface Counted {
  ticketTypeId: string;
  entered: boolean;
  gate: string | null;
  tickets: number;
  /** Of those that have entered. */
  outside: number;
  /** The last entry, ISO 8601. */
  lastAt: string | null;
}

type Type = { ticketTypeId: string; name: string };
type Sums = Pick<Admissions, 'sold' | 'admitted' | 'inside' | 'byGate' | 'byTicketType'>;

const total = (counted: readonly Counted[], what: (one: Counted) => number) =>
  counted.reduce((sum, one) => sum + what(one), 0);

/** The same tickets, added up in the ways in which people ask. Types are told also when nothing of them was sold. */
export function sumUp(counted: readonly Counted[], types: readonly Type[]): Sums {
  const entered = counted.filter((one) => one.entered);
  const all = ({ tickets }: Counted) => tickets;
  const gates = [...new Set(entered.map(({ gate }) => gate))].sort((a, b) => (a ?? '').localeCompare(b ?? ''));
  return {
    sold: total(counted, all),
    admitted: total(entered, all),
    inside: total(entered, ({ tickets, outside }) => tickets - outside),
    byGate: gates.map((gate) => {
      const here = entered.filter((one) => one.gate === gate);
      const lastAt = here
        .map((one) => one.lastAt ?? '')
        .sort()
        .at(-1)!;
      return { gate, admitted: total(here, all), lastAt };
    }),
    byTicketType: types.map(({ ticketTypeId, name }) => {
      const ofType = (one: Counted) => one.ticketTypeId === ticketTypeId;
      return {
        ...{ ticketTypeId, name },
        ...{ sold: total(counted.filter(ofType), all), admitted: total(entered.filter(ofType), all) },
      };
    }),
  };
}
