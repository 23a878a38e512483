const SECRET_HEADERS = new Set(['authorization', 'cookie']);
const SECRET_FIELDS = /("(?:[a-zA-Z]*[pP]assword|token|refreshToken|accessToken|code|secret)":\s*")(?:[^"\\]|\\.)*"/g;
const LONGEST = 2_000;

const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

/** A request as a person would send it by hand; credentials are named, not told. */
export function curlOf(url, { method, path, headers, body }, as) {
  const parts = [`curl -i --path-as-is -X ${method} ${quoted(url + path.replace(/(signature=)[^&]*/, '$1***'))}`];
  for (const [name, value] of Object.entries(headers))
    parts.push(`-H ${quoted(`${name}: ${SECRET_HEADERS.has(name) ? `*** (${as})` : value}`)}`);
  if (body !== undefined) parts.push(`--data-binary ${quoted(masked(String(body)))}`);
  return parts.join(' ');
}

export function masked(text) {
  const safe = text.replace(SECRET_FIELDS, '$1***"');
  return safe.length > LONGEST ? `${safe.slice(0, LONGEST)}… (${text.length} characters)` : safe;
}
