/** What clients were told, and what was wrong with it at once. */
export class Record {
  /** Key → `id` of every order that a 201 told of, and the `request`, as `Caller.call` takes it. */
  orders = new Map();
  /** Of orders, by id: what clients were told later, in the order of telling. */
  facts = new Map();
  /** Requests, as `Caller.call` takes them, that never had a final answer. */
  open = [];
  cancelledEvents = new Set();
  /** How often each answer was given, by what it was. */
  answers = {};
  /** What no client should have been told, in words. */
  wrong = [];

  note(answer) {
    this.answers[answer] = (this.answers[answer] ?? 0) + 1;
  }

  placed(key, order, request) {
    const known = this.orders.get(key);
    if (known && known.id !== order.id)
      this.wrong.push(`key ${key} was answered with ${known.id} and with ${order.id}`);
    this.orders.set(key, { id: order.id, request });
  }

  told(orderId, fact) {
    this.facts.set(orderId, [...(this.facts.get(orderId) ?? []), fact]);
  }
}
