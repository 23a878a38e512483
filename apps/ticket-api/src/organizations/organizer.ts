/**
 * SQL for an organization as the mails about its events name it (`Organizer` of the contracts), null where the open door
 * does not show it. Answers go to the address that one of its people has now, and only while it is confirmed.
 * @param tenant SQL of its id
 */
export const organizerOf = (tenant: string): string => `(
  select json_build_object('name', organizer.name, 'replyTo', (
    select contact.email from members m join users contact on contact.id = m.user_id
    where m.tenant_id = organizer.tenant_id and m.user_id = organizer.contact_user_id
      and contact.email_verified_at is not null and contact.erased_at is null))
  from organizations organizer where organizer.tenant_id = ${tenant})`;
