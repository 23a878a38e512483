const id = '01980f2e-6d3a-7c41-9a5e-2f0b8c6d1e47';

/** Typical bodies, by operation id, to copy and try. */
export const examples: Readonly<Record<string, unknown>> = {
  signUp: { email: 'ada@example.com', password: 'correct horse battery', name: 'Ada' },
  signIn: { email: 'ada@example.com', password: 'correct horse battery' },
  issueToken: { grantType: 'password', email: 'ada@example.com', password: 'correct horse battery' },
  changePassword: { currentPassword: 'correct horse battery', newPassword: 'another horse, other battery' },
  forgotPassword: { email: 'ada@example.com' },
  resetPassword: { token: 'the token of the mail', newPassword: 'another horse, other battery' },
  addSecondFactor: { password: 'correct horse battery' },
  confirmSecondFactor: { code: '123456' },
  removeSecondFactor: { password: 'correct horse battery', code: '123456' },
  linkIdentity: { token: 'a token of the other issuer', password: 'correct horse battery' },
  unlinkIdentity: { password: 'correct horse battery' },
  createOrganization: { name: 'Analytical Evenings', slug: 'analytical-evenings' },
  createEvent: {
    organizationId: id,
    title: 'An evening with engines',
    venue: { name: 'Old Mill', city: 'Kraków', country: 'PL' },
    startsAt: '2027-05-01T18:00:00Z',
    endsAt: '2027-05-01T21:00:00Z',
    timezone: 'Europe/Warsaw',
  },
  createTicketType: { name: 'Standing', price: { amount: 4500, currency: 'EUR' }, capacity: 200 },
  placeOrder: { eventId: id, items: [{ ticketTypeId: id, quantity: 2 }] },
  createGate: { name: 'North', ticketTypeIds: [] },
  undoCheckIn: { reason: 'the wrong person was scanned', scanId: 'scanner-7-000124' },
  checkOut: { code: 'the text of the QR code', gate: 'north', scanId: 'scanner-7-000125' },
  checkIn: { code: 'the text of the QR code', gate: 'north', scanId: 'scanner-7-000123' },
};
