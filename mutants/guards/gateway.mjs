/** The public door lets through what may pass, and nothing that only we may say. */
export const gateway = [
  {
    name: 'place-for-who-has-gone',
    rule: 'what nobody waits for is not begun',
    file: 'apps/api-gateway/src/forwarding/places.ts',
    from: 'if (!next.isGone()) return next.enter();',
    to: 'return next.enter();',
    spec: 'apps/api-gateway/src/forwarding/places.spec.ts',
    caughtBy: 'nothing is begun for who has gone meanwhile',
  },
  {
    name: 'places-are-endless',
    rule: 'a service has so many places',
    file: 'apps/api-gateway/src/forwarding/places.ts',
    from: 'if (this.taken >= this.count) await this.wait(isGone);\n    else',
    to: '',
    spec: 'apps/api-gateway/src/forwarding/places.spec.ts',
    caughtBy: 'as many are served at once as there are places, the others in the order of their arrival',
  },
  {
    name: 'patience-of-places-is-endless',
    rule: 'who finds no place in time hears so',
    file: 'apps/api-gateway/src/forwarding/places.ts',
    from: 'reject(tooMany());\n      }, this.patience);',
    to: 'reject(tooMany());\n      }, this.patience * 1000);',
    spec: 'apps/api-gateway/src/forwarding/places.spec.ts',
    caughtBy: 'who waits too long is refused with 503 while the others stay in line',
  },
];
