/** What ends and removes each thing that was started and still is there. */
const cleanUps = new Set();

/** @returns `undo`, which is to be called when the time has come; it runs once */
export function toBeUndone(undo) {
  let done;
  const once = (...how) => {
    cleanUps.delete(once);
    return (done ??= undo(...how));
  };
  cleanUps.add(once);
  return once;
}

/** The newest first: it may stand on an older one. A failure keeps nothing else from being undone. */
export async function undoAll() {
  for (const undo of [...cleanUps].reverse()) await (async () => undo())().catch(() => undefined);
}
