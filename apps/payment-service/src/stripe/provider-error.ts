/** The provider gave no answer that decides anything: the same request may succeed later. */
export class ProviderUnavailable extends Error {
  override name = 'ProviderUnavailable';
}

/** The provider's answer is no, and would be the same again. */
export class ProviderRefused extends Error {
  override name = 'ProviderRefused';

  constructor(
    message: string,
    /** Stripe's error code, such as `charge_already_refunded`. */
    readonly code: string | undefined,
  ) {
    super(message);
  }
}
