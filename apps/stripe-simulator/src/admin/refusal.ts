/** What the admin API does not do, and why. `status` is that of its answer, 4xx. */
export class Refusal extends Error {
  constructor(
    readonly status: 404 | 409,
    message: string,
  ) {
    super(message);
  }
}
