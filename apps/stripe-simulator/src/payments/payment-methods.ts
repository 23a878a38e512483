/**
 * What the buyer is offered: since the API named endive the shop only narrows down what its account can take, and
 * this account takes cards and whatever else is named.
 */
export const offeredMethods = ({
  allowed_payment_method_types: allowed,
}: {
  allowed_payment_method_types: string[] | null;
}): string[] => allowed ?? ['card'];
