import { eventually } from '../support/client.js';
import { SCENES, type Outcome } from './scenes.js';
import { Theatre, type Stage } from './theatre.js';

/** One round of a story in which every message that there is gets told. */
export class Story {
  readonly outcomes: Outcome[] = [];

  private constructor(readonly theatre: Theatre) {}

  static async begin(stage: Stage): Promise<Story> {
    // A round that failed may have left services on their way back.
    return new Story(
      await eventually(
        'the theatre to open',
        () => Theatre.open(stage),
        () => true,
        60_000,
      ),
    );
  }

  /**
   * All scenes at once; what they leave behind is added to `outcomes`. @throws the first that did not go as it must
   * @param wanted messages for whose sake it is told again: the other scenes are left out
   */
  async play(wanted?: readonly string[]): Promise<void> {
    const some = SCENES.filter(({ tells }) => wanted?.some((what) => tells.includes(what)));
    const areKnown = wanted?.every((what) => some.some(({ tells }) => tells.includes(what)));
    const scenes = areKnown ? some : SCENES;
    const shoppers = await Promise.all(scenes.map(() => this.theatre.shopper()));
    await Promise.all(
      scenes.map(async ({ play }, index) => {
        this.outcomes.push(...(await play(this.theatre, shoppers[index]!)));
      }),
    );
  }
}
