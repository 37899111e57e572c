/** The page of compared runs: defines its element, then starts what listens to the whole page. */
import "./elements/nn-compare.js";
import { startAppearance } from "./elements/appearance.js";
import { startKeyboard } from "./elements/keyboard.js";
import { startLinkBack } from "./elements/link-back.js";
import { startToasts } from "./elements/toasts.js";

startToasts();
startAppearance();
startLinkBack();
startKeyboard();
