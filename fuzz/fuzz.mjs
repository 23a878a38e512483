import { innerSide } from '../bench/stage/databases.mjs';
import { startPlatform } from '../bench/stage/platform.mjs';
import { Campaign } from './campaign.mjs';
import { judgePlatform } from './judge/platform.mjs';
import { Secrets } from './logs/secrets.mjs';
import { Cast } from './people/cast.mjs';

/** Nobody is held up but by what is wrong, and a hold ends while it runs. */
const ENVIRONMENT = {
  RATE_LIMIT_AUTH: '0',
  RATE_LIMIT_ADDRESS: '0',
  RATE_LIMIT_CALLER: '0',
  ORDER_HOLD_SECONDS: '600',
  MESSAGE_RETRY_DELAYS: '0.3,1,2,4,8',
  LOG_FORMAT: 'json',
};

/**
 * Requests by chance from the platform's own OpenAPI document, then what must hold of a platform at rest.
 * @param url of a running platform; without it one is started, and its invariants and logs are judged, too
 * @param work what is done with the campaign; it sends its requests unless told otherwise
 * @returns { campaign, wrong, notChecked, kept }
 */
export async function fuzz(root, { seed, requests, connections, url: given, say = () => undefined, work }) {
  const platform = given ? undefined : await startPlatform(root, ENVIRONMENT, { seed: true });
  const url = given ?? platform.url;
  let result;
  try {
    const inner = platform && (await innerSide(platform));
    const document = await (await fetch(`${url}/openapi.json`)).json();
    const secrets = new Secrets();
    const cast = await Cast.assemble(url, { secrets, signingKey: inner?.secrets.accessTokenKey });
    const campaign = new Campaign({ url, document, cast, secrets, seed, connections });
    try {
      await campaign.prepare();
      say(`Seed ${seed}: ${requests} requests to ${campaign.operations.length} operations.`);
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
