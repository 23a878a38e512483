import { readFileSync } from 'node:fs';
import { present } from './journal.mjs';

/** The steps of a failure's file, one after the other: the last one is judged as it was then. */
export async function replay(campaign, path) {
  const { steps } = JSON.parse(readFileSync(path, 'utf8'));
  const answers = new Map(campaign.journal.answers);
  const prepared = campaign.journal.entries.length;
  const again = steps.filter(({ step }) => step >= prepared);
  for (const { step, operation, ...rest } of again) {
    const named = campaign.operations.find(({ id }) => id === operation);
    if (!named) throw new Error(`${operation} is no operation of this platform.`);
    const drawn = { ...present(rest, answers), operation: named };
    const { answer, wrong } = await campaign.exchange.perform(step, drawn, 0);
    answers.set(step, answer.body);
    if (step !== again.at(-1).step) continue;
    campaign.count(drawn, answer);
    for (const what of wrong) campaign.note(-1, drawn, what, answer);
  }
}
