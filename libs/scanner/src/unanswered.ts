/** Scans that are remembered: of a gate that has lost its network for a while. */
const MOST = 2_000;

/**
 * Scan ids of tickets that the platform was asked about and gave no answer: it may have admitted. Scanned again, the ticket
 * is asked about under the same id, so that the answer that was lost is given once more.
 */
export class Unanswered {
  private readonly scanIds = new Map<string, string>();

  has(name: string): boolean {
    return this.scanIds.has(name);
  }

  scanIdOf(name: string): string {
    return this.scanIds.get(name) ?? crypto.randomUUID();
  }

  note(name: string, scanId: string): void {
    this.scanIds.delete(name);
    this.scanIds.set(name, scanId);
    const [oldest] = this.scanIds.keys();
    if (this.scanIds.size > MOST && oldest !== undefined) this.scanIds.delete(oldest);
  }

  settle(name: string): void {
    this.scanIds.delete(name);
  }
}
