/** Nest's account of how it put itself together: hundreds of lines at every start. */
const WIRING = new Set([
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestFactory',
  'NestApplication',
  'NestMicroservice',
]);

/** Calls of the gateway to the services, and of a service to the payment provider. */
const PASSED_ON = /^\/(api|v1)\//;

/**
 * Whether a line of level `info` says nothing that a person at the terminal does not know already: each request is told
 * once there, by the gateway, which hears of it first.
 * @param ownCalls begins the request ids of the launcher's own calls
 */
export function isForTheFile(service: string, entry: Record<string, unknown>, ownCalls: string): boolean {
  if (WIRING.has(String(entry.context))) return true;
  if ([entry.requestId, entry.correlationId].some((id) => String(id).startsWith(ownCalls))) return true;
  if (entry.msg === 'security') return true;
  return entry.msg === 'answered' && service !== 'api-gateway' && PASSED_ON.test(String(entry.route));
}
