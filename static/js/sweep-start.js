/** The page on which a sweep begins: starts what listens to it. */
import { startAppearance } from "./elements/appearance.js";
import { startLinkBack } from "./elements/link-back.js";
import { startSweepForm } from "./elements/sweep-form.js";
import { startToasts } from "./elements/toasts.js";

startToasts();
startAppearance();
startLinkBack();
startSweepForm();
