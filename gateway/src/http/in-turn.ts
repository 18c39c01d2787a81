/** Does what takes a while one after the other, in the order in which it came; what comes faster than that for long is not kept. */
const MOST_WAITING = 5_000;

/** `giveUp` is called once, when it fails or too much waits; nothing is done after that. */
export function inTurn<Item>(work: (item: Item) => Promise<void>, giveUp: () => void): (item: Item) => void {
  let waiting = 0;
  let over = false;
  let turn = Promise.resolve();
  const end = (): void => {
    if (!over) giveUp();
    over = true;
  };
  return (item) => {
    if (over) return;
    if (++waiting > MOST_WAITING) return end();
    turn = turn.then(async () => {
      if (!over) await work(item).catch(end);
      waiting--;
    });
  };
}
