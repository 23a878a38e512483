import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * `never_refund_more_than_paid` bounds what a payment has put aside for refunds. These triggers bind the refunds
 * themselves to it, whatever a program does: those of a payment that have not failed are never more than it has put
 * aside, in the currency that was paid. Judged when a transaction commits, because money may be put aside before or after.
 */
export class RefundsWithinPayment1767000000061 implements MigrationInterface {
  name = 'RefundsWithinPayment1767000000061';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create function refunds_within_payment(payment uuid) returns void language plpgsql set search_path = pg_catalog, public as $$
      declare
        aside bigint;
        paid_in text;
      begin
        -- Updated, not only locked: one who judges the same payment at the same moment waits, then sees these refunds
        -- too; a transaction with an older snapshot fails.
        update payments set refunded_total = refunded_total where id = payment returning refunded_total, paid_currency into aside, paid_in;
        if not found or aside < (select coalesce(sum(amount), 0) from refunds where payment_id = payment and status <> 'failed')
          or exists (select from refunds where payment_id = payment and status <> 'failed' and currency is distinct from paid_in)
        then
          raise exception 'the refunds of payment % are more than it has put aside, or in another currency', payment
            using errcode = 'check_violation', constraint = 'refunds_within_payment';
        end if;
      end $$;

      create function judge_refund() returns trigger language plpgsql set search_path = pg_catalog, public as $$
      begin
        perform refunds_within_payment(new.payment_id);
        return null;
      end $$;
      create constraint trigger refunds_within_payment after insert or update of payment_id, amount, currency, status on refunds
        deferrable initially deferred for each row when (new.status <> 'failed') execute function judge_refund();

      create function judge_payment() returns trigger language plpgsql set search_path = pg_catalog, public as $$
      begin
        perform refunds_within_payment(new.id);
        return null;
      end $$;
      create constraint trigger refunds_within_payment after update of refunded_total, paid_currency on payments
        deferrable initially deferred for each row
        when (new.refunded_total < old.refunded_total or new.paid_currency is distinct from old.paid_currency)
        execute function judge_payment();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop trigger refunds_within_payment on refunds');
    await runner.query('drop trigger refunds_within_payment on payments');
    await runner.query('drop function judge_refund, judge_payment, refunds_within_payment');
  }
}
