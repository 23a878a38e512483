/** What an erased account is called. */
export const ERASED_NAME = 'Erased person';

const DOMAIN = '@erased.invalid';

/** The address that an erased account has: nobody's, for no mail is ever delivered to `.invalid` (RFC 2606). */
export const erasedAddress = (userId: string): string => userId + DOMAIN;

/** The address of a person of whom no other is known. */
export const unknownAddress = (userId: string): string => `${userId}@unknown.invalid`;

/** Whether a mail to it could reach nobody. */
export const isNobodysAddress = (email: string): boolean => email.endsWith('.invalid');

export const isErasedAddress = (email: string): boolean => email.endsWith(DOMAIN);
