/** The lab's page: defines the elements, then starts what listens to the whole page. */
import "./elements/nn-loss.js";
import "./elements/nn-network.js";
import "./elements/nn-output.js";
import "./elements/nn-status.js";
import "./elements/nn-transport.js";
import { startControls } from "./elements/controls.js";
import { startThemeSwitch } from "./elements/theme-switch.js";
import { startToasts } from "./elements/toasts.js";

startToasts();
startThemeSwitch();
startControls();
