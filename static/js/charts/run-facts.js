/**
 * What charts must know of a run that frames do not bring: the curves of its functions (app/web/functions.py), and its
 * data. Asked for when the run has changed, once however many charts want to know.
 *
 * @import { PicturePage, PictureLayer } from "../core/picture-types.js"
 * @import { LabState, PointSet } from "../core/types.js"
 *
 * @typedef {object} FunctionCurves
 * @property {string[]} layers the activation of each layer, the output layer last
 * @property {Record<string, {x: number[], value: number[], derivative: number[]}>} activations by name
 * @property {{name: string, targets: number[], x: number[], curves: Record<string, number[][]>}} loss
 * @property {{epoch: number[], learning_rate: number[]}} schedule
 *
 * @typedef {object} PictureRun as far as it matters to who looks into a network for pictures
 * @property {{data: {kind: string}, network: {layers: PictureLayer[], output_activation: string}}} resolved
 */

/** Answers by address; a fragment tells states of a run apart. @type {Map<string, Promise<unknown>>} */
const answers = new Map();
const MOST_ANSWERS = 8;
/** Milliseconds until an address that failed is asked again. */
const PAUSE = 2000;

/** @param {string} address @returns {Promise<unknown>} null where there is no answer */
function ask(address) {
  const known = answers.get(address);
  if (known) return known;
  const answer = fetch(address).then(
    (response) => (response.ok ? response.json() : null),
    () => null,
  );
  answers.set(address, answer);
  for (const old of [...answers.keys()].slice(0, -MOST_ANSWERS)) answers.delete(old);
  // Whoever asks a while after a failure asks anew.
  void answer.then((document) => document ?? setTimeout(() => answers.delete(address), PAUSE));
  return answer;
}

/** @template Document */
class RunFact {
  /** The latest answer. @type {Document | null} */
  document = null;
  #address = "";

  /**
   * @param {(state: Readonly<LabState>) => string} addressOf
   * @param {() => void} news called when there is another answer
   */
  constructor(addressOf, news) {
    this.addressOf = addressOf;
    this.news = news;
  }

  /**
   * Asks, if the state is another in what matters.
   *
   * @param {Readonly<LabState>} state
   */
  watch(state) {
    const address = this.addressOf(state);
    if (state.revision < 0 || address === this.#address) return;
    this.#address = address;
    void ask(address).then((document) => {
      if (this.#address !== address) return;
      if (!document) {
        this.#address = "";
        return;
      }
      this.document = /** @type {Document} */ (document);
      this.news();
    });
  }
}

/**
 * The functions that the run computes with.
 *
 * @param {() => void} news
 * @returns {RunFact<FunctionCurves>}
 */
export function functionCurves(news) {
  return new RunFact(({ run, revision }) => `/runs/${run}/functions#${revision}`, news);
}

/**
 * The same, with a schedule that goes beyond the present epoch.
 *
 * @param {() => void} news
 * @returns {RunFact<FunctionCurves>}
 */
export function scheduleCurves(news) {
  return new RunFact(({ run, revision, epoch }) => {
    // In powers of two, so that a run that goes on asks seldom.
    const epochs = 2 ** Math.ceil(Math.log2(epoch + 1));
    return `/runs/${run}/functions?epochs=${epochs}#${revision}`;
  }, news);
}

/**
 * The data of the run.
 *
 * @param {() => void} news
 * @returns {RunFact<PointSet>}
 */
export function dataFacts(news) {
  return new RunFact(({ run, origin }) => `/runs/${run}/points#${origin}`, news);
}

/**
 * The data of a run that learns from pictures: their shape, classes and numbers, and the first test picture.
 *
 * @param {() => void} news
 * @returns {RunFact<PicturePage>}
 */
export function pictureFacts(news) {
  return new RunFact(({ run, origin }) => `/api/v1/runs/${run}/pictures?part=test&count=1#${origin}`, news);
}

/**
 * The network of a run that learns from pictures.
 *
 * @param {() => void} news
 * @returns {RunFact<PictureRun>}
 */
export function networkFacts(news) {
  return new RunFact(({ run, revision }) => `/api/v1/runs/${run}#${revision}`, news);
}
