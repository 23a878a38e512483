/** The provider gave no answer that decides anything: the same request may succeed later. */
export class ProviderUnavailable extends Error {
  override name = 'ProviderUnavailable';
}

/** It does not answer at all, or only that it cannot: no connection, no answer in time, 5xx; or it is not asked for that reason. */
export class ProviderAway extends ProviderUnavailable {
  override name = 'ProviderAway';
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
