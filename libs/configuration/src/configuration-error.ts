/** The configuration cannot be used. Its message is one line that names variables and what is right, and never a value. */
export class ConfigurationError extends Error {
  override name = 'ConfigurationError';
}

export const contradiction = (what: string) => new ConfigurationError(`The environment contradicts itself: ${what}.`);
