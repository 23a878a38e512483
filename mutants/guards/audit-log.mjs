const spec = 'apps/ticket-api/src/audit-log/audit-log.spec.ts';

/** What is written down of deeds with rights, and that it stays. */
export const auditLog = [
  {
    name: 'log-can-be-rewritten',
    rule: 'the service adds to the audit log and changes nothing of it',
    file: 'apps/ticket-api/src/migrations/1767000000130-audit-log.ts',
    from: "'audit_log_entries', 'select, insert')",
    to: "'audit_log_entries')",
    spec,
    caughtBy: 'is changed by nobody: the service may neither update nor delete',
  },
  {
    name: 'publication-leaves-no-trace',
    rule: 'who publishes is written down',
    file: 'apps/ticket-api/src/catalogue/publish-event/publish-event.ts',
    from: "await this.audit.record({ action: 'event.published', target: { kind: 'event', id: eventId } });",
    to: '',
    spec,
    caughtBy: 'publishEvent leaves one entry, by whom it was done',
  },
  {
    name: 'organizers-refund-leaves-no-trace',
    rule: 'what an organizer gives back is written down',
    file: 'apps/ticket-api/src/orders/refund-order/refund-order.ts',
    from: "if (by.as === 'organizer') await this.record(",
    to: 'if (by.as === "organizer" && override) await this.record(',
    spec,
    caughtBy: 'refundOrder leaves one entry, by whom it was done',
  },
  {
    name: 'caller-is-not-noted',
    rule: 'whatever is done for a request knows who is behind it',
    file: 'libs/auth/src/operation.guard.ts',
    from: "if (caller) noteCaller(caller, access === 'admin');",
    to: '',
    spec,
    caughtBy: 'publishEvent leaves one entry, by whom it was done',
  },
  {
    name: 'networks-are-kept',
    rule: 'where a deed was done from is forgotten after a time',
    file: 'apps/ticket-api/src/audit-log/forget-networks/forget-networks.ts',
    from: 'const KEPT = 90;',
    to: 'const KEPT = 900;',
    spec,
    caughtBy: 'knows for ninety days where a deed was done from',
  },
  {
    name: 'texts-stand-in-the-log',
    rule: 'free text does not get into the log, from which nothing can be taken back',
    file: 'apps/ticket-api/src/catalogue/update-event/update-event.ts',
    from: "['description', 'terms']",
    to: '[]',
    spec,
    caughtBy: 'tells what changed from what to what, and by which request; of long texts only that',
  },
];
