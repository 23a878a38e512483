export interface Account {
  readonly email: string;
  readonly password: string;
}
export type DemoAccounts = Readonly<Record<'organizer' | 'scanner' | 'buyer' | 'admin', Account>>;

/** Known to everybody: the demo never runs in production and listens on loopback only. */
const password = 'demo-password-1';

export const accounts = {
  organizer: { email: 'organizer@demo.example', password },
  scanner: { email: 'scanner@demo.example', password },
  buyer: { email: 'buyer@demo.example', password },
  /** Of the platform: the services of a platform with the demo are told so (`PLATFORM_ADMINS`). */
  admin: { email: 'admin@demo.example', password },
} as const satisfies DemoAccounts;

export const organization = { name: 'Demo Concerts', slug: 'demo-concerts' };

interface DemoEvent {
  readonly title: string;
  readonly description: string;
  readonly venue: { name: string; address: string; city: string; country: string; latitude: number; longitude: number };
  readonly timezone: string;
  /** From the day of the seeding; the event begins at 18:00 UTC and lasts as long as told, in hours. */
  readonly inDays: number;
  readonly hours: number;
  /** Amounts in minor units. */
  readonly ticketTypes: readonly {
    name: string;
    price: { amount: number; currency: string };
    capacity: number;
    maxPerOrder?: number;
  }[];
}

export const events: readonly DemoEvent[] = [
  {
    title: 'Open Air on the Vistula',
    description: 'Six bands, one river, until the last tram.',
    venue: {
      name: 'Bulwary Wiślane',
      address: 'Bulwar Karskiego',
      city: 'Warszawa',
      country: 'PL',
      latitude: 52.2417,
      longitude: 21.0296,
    },
    timezone: 'Europe/Warsaw',
    inDays: 30,
    hours: 5,
    ticketTypes: [
      { name: 'Standing', price: { amount: 14_900, currency: 'PLN' }, capacity: 500 },
      { name: 'By the stage', price: { amount: 29_900, currency: 'PLN' }, capacity: 60, maxPerOrder: 4 },
    ],
  },
  {
    title: 'Harbour Jazz Night',
    description: 'A quartet and a big band between cranes and water.',
    venue: {
      name: 'Fischauktionshalle',
      address: 'Große Elbstraße 9',
      city: 'Hamburg',
      country: 'DE',
      latitude: 53.5445,
      longitude: 9.9507,
    },
    timezone: 'Europe/Berlin',
    inDays: 45,
    hours: 4,
    ticketTypes: [
      { name: 'Regular', price: { amount: 4_500, currency: 'EUR' }, capacity: 300 },
      { name: 'Under 18', price: { amount: 0, currency: 'EUR' }, capacity: 50, maxPerOrder: 2 },
    ],
  },
  {
    title: 'Lanterns and Strings',
    description: 'Koto and cello in a garden of paper lanterns.',
    venue: {
      name: 'Hibiya Open-Air Concert Hall',
      address: '1-5 Hibiyakoen',
      city: 'Tokyo',
      country: 'JP',
      latitude: 35.6716,
      longitude: 139.7556,
    },
    timezone: 'Asia/Tokyo',
    inDays: 60,
    hours: 3,
    ticketTypes: [{ name: 'Garden seat', price: { amount: 6_800, currency: 'JPY' }, capacity: 200 }],
  },
];
