/** The page of a sweep: defines its element, then starts what listens to the whole page. */
import "./elements/nn-sweep.js";
import { startAppearance } from "./elements/appearance.js";
import { startDialogs } from "./elements/dialogs.js";
import { startLinkBack } from "./elements/link-back.js";
import { startToasts } from "./elements/toasts.js";

startToasts();
startAppearance();
startLinkBack();
startDialogs();
