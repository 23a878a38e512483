import type { Config } from './config.js';

/** Of every port but the gateway's, which has its own variable. */
export const PORT_NAMES = [
  'api-gateway/internal',
  'ticket-api',
  'ticket-api/internal',
  'payment-service',
  'payment-service/internal',
  'notification-service',
  'notification-service/internal',
  'stripe-simulator',
  'stripe-simulator/admin',
  'mailbox',
  'mailbox/smtp',
  'postgres',
] as const;
export type PortName = (typeof PORT_NAMES)[number] | 'api-gateway';
export type Ports = Readonly<Record<PortName, number>>;

/** Everything listens on loopback only. */
export const HOST = '127.0.0.1';
export const urlOf = (port: number) => `http://${HOST}:${port}`;

/** What people and test programs are told. */
export interface Addresses {
  readonly gateway: string;
  readonly simulator: string | undefined;
  /** Where the simulator is told to misbehave. */
  readonly simulatorAdmin: string | undefined;
  readonly mailbox: string | undefined;
  /** Metrics, health and internal routes of each service. */
  readonly internal: Readonly<Record<string, string>>;
}

export const publicUrlOf = (config: Config, ports: Ports) =>
  config.publicUrl ?? `http://localhost:${ports['api-gateway']}`;

export function addressesOf(config: Config, ports: Ports): Addresses {
  return {
    gateway: `http://localhost:${ports['api-gateway']}`,
    simulator: config.stripe ? undefined : `http://localhost:${ports['stripe-simulator']}`,
    simulatorAdmin: config.stripe ? undefined : urlOf(ports['stripe-simulator/admin']),
    mailbox: config.smtpUrl ? undefined : `http://localhost:${ports.mailbox}`,
    internal: {
      'api-gateway': urlOf(ports['api-gateway/internal']),
      'ticket-api': urlOf(ports['ticket-api/internal']),
      'payment-service': urlOf(ports['payment-service/internal']),
      'notification-service': urlOf(ports['notification-service/internal']),
    },
  };
}
