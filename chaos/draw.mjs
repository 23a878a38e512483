/** What is drawn with a seeded `random` (0–1). */
export const between = (random, [from, to]) => from + random() * (to - from);
export const whole = (random, [from, to]) => from + Math.floor(random() * (to - from + 1));
export const oneOf = (random, list) => list[Math.floor(random() * list.length)];

/** Fisher and Yates. */
export function shuffled(random, list) {
  const cards = [...list];
  for (let last = cards.length - 1; last > 0; last -= 1) {
    const chosen = Math.floor(random() * (last + 1));
    [cards[last], cards[chosen]] = [cards[chosen], cards[last]];
  }
  return cards;
}
