import { openService } from '../../dist/libs/http/src/index.js';
import { AppModule } from '../../dist/apps/ticket-api/src/app.module.js';
import { readConfig } from '../../dist/apps/ticket-api/src/config.js';
import { PlaceOrderCommand } from '../../dist/apps/ticket-api/src/orders/place-order/place-order.js';
import { CommandBus } from '@nestjs/cqrs';

/** ticket-api as it is composed in its `main`, whose callers are in the same process: no HTTP, no messages heard. */
const service = await openService(
  { name: 'ticket-api', module: (config) => AppModule.with(config) },
  readConfig(process.env),
);
const commands = service.app.get(CommandBus);
process.on('disconnect', () => void service.close().finally(() => process.exit(0)));
process.on('message', (job) => void run(job).then((result) => process.send(result)));
process.send('ready');

async function run({ sale: { eventId, typeId, buyerIds }, callers, milliseconds }) {
  const wish = { eventId, items: [{ ticketTypeId: typeId, quantity: 1 }] };
  const buyers = buyerIds.map((id) => ({ id, name: 'Bench', email: `${id}@bench.example` }));
  const seen = [];
  const begin = performance.now();
  let turn = 0;
  try {
    await Promise.all(
      Array.from({ length: callers }, async () => {
        while (performance.now() < begin + milliseconds) {
          const command = new PlaceOrderCommand(buyers[turn++ % buyers.length], wish, undefined);
          seen.push((await commands.execute(command)).body.id);
        }
      }),
    );
    return { perSecond: (seen.length * 1000) / (performance.now() - begin), seen };
  } catch (error) {
    return { failure: error.stack };
  }
}
