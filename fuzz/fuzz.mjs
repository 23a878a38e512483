import { innerSide, on } from '../bench/stage/databases.mjs';
import { startPlatform } from '../bench/stage/platform.mjs';
import { Campaign } from './campaign.mjs';
import { judgePlatform } from './judge/platform.mjs';
import { Secrets } from './logs/secrets.mjs';
import { Cast } from './people/cast.mjs';

const ADMIN = 'fuzz-admin@example.com';
/** Nobody is held up but by what is wrong, and a hold ends while it runs. */
const ENVIRONMENT = {
  RATE_LIMIT_AUTH: '0',
  RATE_LIMIT_ADDRESS: '0',
  RATE_LIMIT_CALLER: '0',
  ORDER_HOLD_SECONDS: '600',
  MESSAGE_RETRY_DELAYS: '0.3,1,2,4,8',
  LOG_FORMAT: 'json',
  PLATFORM_ADMINS: ADMIN,
};

/**
 * Requests by chance from the platform's own OpenAPI document, then what must hold of a platform at rest.
 * @param url of a running platform; without it one is started, and its invariants and logs are judged, too
 * @param work what is done with the campaign; it sends its requests unless told otherwise
 * @returns { campaign, wrong, notChecked, kept }
 */
export async function fuzz(root, { seed, requests, connections, url: told, say = () => undefined, work }) {
  const platform = told ? undefined : await startPlatform(root, ENVIRONMENT, { seed: true });
  const url = told ?? platform.url;
  let result;
  try {
    const inner = platform && (await innerSide(platform));
    const document = await (await fetch(`${url}/openapi.json`)).json();
    const secrets = new Secrets();
    const given = inner && {
      signingKey: inner.secrets.accessTokenKey,
      admin: { email: ADMIN, prove: () => prove(inner) },
    };
    const cast = await Cast.assemble(url, { secrets, ...given });
    const campaign = new Campaign({ url, document, cast, secrets, seed, connections });
    try {
      await campaign.prepare();
      if (!work) say(`Seed ${seed}: ${requests} requests to ${campaign.operations.length} operations.`);
      await (work ? work(campaign) : campaign.run(requests));
    } finally {
      await campaign.close();
    }
    const judged = platform
      ? await judgePlatform({ platform, inner, secrets, environment: ENVIRONMENT, say })
      : { wrong: [], notChecked: ['invariants and logs: of a platform of its own only'] };
    result = { campaign, ...judged };
  } finally {
    const isBroken = !result || result.wrong.length > 0 || result.campaign.findings.list.length > 0;
    await platform?.stop({ keep: isBroken });
    if (isBroken && platform) say(`The platform's logs stay in ${platform.dataDirectory}.`);
  }
  return result;
}

/** In the place of the link that was mailed. */
const prove = ({ databases }) =>
  on(databases.of['ticket-api'].ownerUrl, `update users set email_verified_at = now() where email = '${ADMIN}'`);
