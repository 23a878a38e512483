/** A gate as a scan is judged by it. */
export interface GateRule {
  name: string;
  /** What gates are told apart by. */
  key: string;
  /** What it admits; none named: all. */
  ticketTypeIds: readonly string[];
}

export type GateVerdict =
  /** The gate's own spelling of its name; null when the scan named none. */
  | { gate: string | null }
  /** Names of the gates to go to; of all there are when the scan named one that does not exist. */
  | { refused: 'unknown' | 'closed-to-type'; gates: string[] };

/** Gates that look or sound alike are one: case, width and composed letters do not count (Unicode NFKC). */
export const gateKey = (name: string): string => name.normalize('NFKC').toLowerCase();

/**
 * Whether this gate lets this kind of ticket in. Without gates an event takes any name. A scan that names no gate may be
 * anywhere: it is refused if one of the gates would refuse it.
 */
export function judgeGate(gates: readonly GateRule[], ticketTypeId: string, named: string | undefined): GateVerdict {
  if (gates.length === 0) return { gate: named ?? null };
  const open = gates.filter(({ ticketTypeIds: admits }) => admits.length === 0 || admits.includes(ticketTypeId));
  const names = (of: readonly GateRule[]) => of.map(({ name }) => name);
  if (named === undefined)
    return open.length === gates.length ? { gate: null } : { refused: 'closed-to-type', gates: names(open) };
  const gate = gates.find(({ key }) => key === gateKey(named));
  if (!gate) return { refused: 'unknown', gates: names(gates) };
  return open.includes(gate) ? { gate: gate.name } : { refused: 'closed-to-type', gates: names(open) };
}
