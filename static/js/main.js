/** The lab's page: defines the elements, then starts what listens to the whole page. */
import "./elements/nn-charts.js";
import "./elements/nn-network.js";
import "./elements/nn-output.js";
import "./elements/nn-status.js";
import "./elements/nn-transport.js";
import { startAbout } from "./elements/about.js";
import { startAppearance } from "./elements/appearance.js";
import { startControls } from "./elements/controls.js";
import { startFiles } from "./elements/files.js";
import { startGallery } from "./elements/gallery.js";
import { startKeyboard } from "./elements/keyboard.js";
import { startRecents } from "./elements/recents.js";
import { startShare } from "./elements/share.js";
import { startToasts } from "./elements/toasts.js";
import { startTour } from "./elements/tour.js";
import { startUndo } from "./elements/undo.js";

startToasts();
startAppearance();
startControls();
startUndo();
startKeyboard();
startAbout();
startShare();
startTour();
startGallery();
startRecents();
startFiles();
