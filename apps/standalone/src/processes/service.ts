/** One process of the platform, as a line of the table in `services.ts`. */
export interface Service {
  readonly name: string;
  /** Compiled entry file, the same as in a container. */
  readonly entry: string;
  /** Everything it gets; nothing else of ours. */
  readonly environment: Readonly<Record<string, string>>;
  /** Answers 200 once it can work. */
  readonly readyUrl: string;
  /** When it is stopped: what faces the world first, what others lean on last. */
  readonly tier: 'door' | 'service' | 'stand-in';
}
