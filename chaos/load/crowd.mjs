import { setTimeout as sleep } from 'node:timers/promises';
import { live } from './stories.mjs';

/** Lets everybody come at their time. @returns when the last story has ended */
export async function crowd({ clients, cancellations }, surroundings, since) {
  const { record } = surroundings;
  const due = [
    ...clients.map((client) => ({ at: client.at, run: () => live(client, surroundings) })),
    ...cancellations.map(({ at, event }) => ({
      at,
      run: () => cancelEvent(surroundings.cast.events[event], surroundings),
    })),
  ].sort((a, b) => a.at - b.at);
  const running = [];
  for (const { at, run } of due) {
    await sleep(Math.max(0, since + at * 1000 - Date.now()));
    running.push(run().catch((error) => record.wrong.push(`a client met what it did not expect: ${error.stack}`)));
  }
  await Promise.all(running);
}

async function cancelEvent({ eventId, organizer }, { caller, record }) {
  const answer = await caller.call(organizer, 'POST', `/events/${eventId}/cancel`, { key: `cancel-${eventId}` });
  if (answer?.status === 202) record.cancelledEvents.add(eventId);
}
