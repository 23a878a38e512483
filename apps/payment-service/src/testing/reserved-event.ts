import { v7 as uuid } from 'uuid';

/** What an order's message says of its event; each is another event. */
export const reservedEvent = () => ({
  id: uuid(),
  title: 'Night of the Proms',
  startsAt: '2027-05-01T18:00:00.000Z',
  endsAt: '2027-05-01T22:00:00.000Z',
  timezone: 'Europe/Berlin',
  venue: { name: 'Hall', address: null, city: 'Berlin' },
});
