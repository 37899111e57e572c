/** The page of a visitor's runs: starts what listens to it. */
import { startAppearance } from "./elements/appearance.js";
import { startRunsCompare } from "./elements/runs-compare.js";
import { startRunsEdit } from "./elements/runs-edit.js";
import { startRunsImport } from "./elements/runs-import.js";
import { startRunsList } from "./elements/runs-list.js";
import { startRunsNews } from "./elements/runs-news.js";
import { startRunsSelection } from "./elements/runs-selection.js";
import { startRunsShare } from "./elements/runs-share.js";
import { startToasts } from "./elements/toasts.js";

startToasts();
startAppearance();
startRunsCompare();
startRunsEdit();
startRunsList();
startRunsSelection();
startRunsNews();
startRunsShare();
startRunsImport();
