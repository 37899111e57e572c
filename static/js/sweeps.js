/** The list of sweeps: starts what listens to the whole page. */
import { startAppearance } from "./elements/appearance.js";
import { startLinkBack } from "./elements/link-back.js";

startAppearance();
startLinkBack();
