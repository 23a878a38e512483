const spec = 'apps/ticket-api/src/personal-data/personal-data.spec.ts';
const folder = 'apps/ticket-api/src/personal-data/export-personal-data';

/** Who is told what is held, how often, and that it is all. */
export const exporting = [
  {
    name: 'export-without-pause',
    rule: 'an export reads much, and is given once a minute',
    file: `${folder}/export-personal-data.ts`,
    from: 'if (await this.here.begin(userId)) return;',
    to: 'if ((await this.here.begin(userId)) || userId) return;',
    spec,
    caughtBy: 'is given once a minute',
  },
  {
    name: 'failed-export-counts',
    rule: 'an export that failed is none',
    file: `${folder}/export-personal-data.ts`,
    from: 'await this.here.letAgain(userId);',
    to: '',
    spec,
    caughtBy: 'is never half: while another service is away it is 503, and may be asked for again at once',
  },
  {
    name: 'mails-of-an-unproven-address',
    rule: 'who says an address is theirs learns nothing of it before it is proven',
    file: `${folder}/export-personal-data.ts`,
    from: 'email: emailVerifiedAt === null ? null : email',
    to: 'email: emailVerifiedAt === undefined ? null : email',
    spec,
    caughtBy: 'asks the others for mails to an address only of somebody who has proven it',
  },
  {
    name: 'cut-list-passes-for-whole',
    rule: 'an export says which list has more',
    file: `${folder}/bounded.ts`,
    from: 'if (list.length > most) leftOut.push(prefix + name);',
    to: '',
    spec,
    caughtBy: 'says which list has more than it tells',
  },
  {
    name: 'erased-account-is-exported',
    rule: 'an erased account is nobody',
    file: `${folder}/held-here.store.ts`,
    from: ' and u.erased_at is null',
    to: '',
    spec,
    caughtBy: 'is refused to an account that was erased',
  },
];
