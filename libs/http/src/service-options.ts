import type { CanActivate, DynamicModule, Type } from '@nestjs/common';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { ServiceKeyMaterial } from '@app/auth';
import type { Operation } from '@app/contracts';
import type { HealthCheck, LogLevel } from '@app/observability';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** What every service's config has, whatever else it has. */
export interface ServiceConfig extends ServiceKeyMaterial {
  /** 0 takes any free port. */
  port: number;
  internalPort: number;
  host: string;
  logLevel: LogLevel;
  /** Milliseconds between "not ready" and the end of listening, for balancers to notice; 0 if absent. */
  shutdownDelay?: number;
  /** E-mails, in lower case, of those who administer the platform; nobody if absent. */
  platformAdmins?: readonly string[];
}

/**
 * Sets the headers that let pages of other origins read an answer, before it is known which one. True for a preflight that
 * is hereby answered (Fetch standard, CORS protocol).
 * @param methods asks for the methods that the request's path takes; none when it names nothing
 */
export type CrossOrigin = (request: FastifyRequest, reply: FastifyReply, methods: () => readonly string[]) => boolean;

export interface ServiceOptions<Config extends ServiceConfig = ServiceConfig> {
  /** Name among the services: in logs, as issuer and audience of tokens, in the contracts' table. */
  name: string;
  module: (config: Config) => Type | DynamicModule;
  /** What `/health/ready` asks, by name: without these the service cannot serve. */
  checks?: (app: NestFastifyApplication) => Record<string, HealthCheck>;
  /** What `/health/ready` tells and does not count. */
  reported?: (app: NestFastifyApplication) => Record<string, HealthCheck>;
  /** How messages reach the `@EventPattern` handlers, if the service has any. */
  strategy?: (app: NestFastifyApplication) => CustomTransportStrategy | Promise<CustomTransportStrategy>;
  /** Operations that must have exactly one handler each; all of this service in the contracts if absent. */
  operations?: readonly Operation[];
  /** Guards of every route, in this order, instead of the `OperationGuard`. */
  guards?: (app: NestFastifyApplication) => CanActivate[];
  /** Addresses or networks (CIDR) of proxies whose `X-Forwarded-*` headers count; nobody's if absent. */
  trustedProxies?: (config: Config) => readonly string[];
  /** Where a request of the public port comes from; `networkOfRequest` if absent. */
  networkOf?: (request: FastifyRequest) => string;
  /** What pages of other origins are told; nothing if absent. */
  crossOrigin?: (config: Config) => CrossOrigin;
  /** Whatever else the application needs before it listens. */
  prepare?: (app: NestFastifyApplication, config: Config) => void | Promise<void>;
}
