/** @returns { cable, url }: a cable of this run's own to a server, and the same URL through it */
export async function cableTo(url, defaultPort) {
  const { Cable } = await import('../../dist/libs/testing/src/cable.js');
  return Cable.to(url, defaultPort);
}
