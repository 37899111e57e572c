/** What only the lab of pictures needs; app/web/pages.py has it fetched at once where a run learns from pictures. */
import "./elements/pictures/nn-builder.js";
import "./elements/pictures/nn-convolution.js";
import "./elements/pictures/nn-draw.js";
import "./elements/pictures/nn-judge.js";
import "./elements/pictures/nn-samples.js";
import "./elements/pictures/nn-stage.js";
import { startOwnPictures } from "./elements/pictures/own-pictures.js";

startOwnPictures();
