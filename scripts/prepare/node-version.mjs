import { ExpectedError } from './expected-error.mjs';

/** The releases that every dependency runs on: 20.19 and up, 22.13 and up, then all from 24. */
export function isSupported(version) {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number);
  if (major === 20) return minor >= 19;
  if (major === 22) return minor >= 13;
  return major >= 24;
}

export function requireSupportedNode(version = process.version) {
  if (isSupported(version)) return;
  throw new ExpectedError(
    `This is Node ${version}, and the platform needs Node 20.19 or newer (of line 22: 22.13 or newer; not 21 or 23). ` +
      'Install a current one from https://nodejs.org and run the command again.',
  );
}
