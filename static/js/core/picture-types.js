/**
 * What frames and answers bring of a network that sees pictures. A picture is channels × height × width, top line first.
 *
 * @import { PackedArray } from "./types.js"
 *
 * @typedef {object} PictureLayer a layer of the resolved experiment (app/schemas/picture_network.py)
 * @property {string} kind
 * @property {number} [kernel]
 * @property {number} [size]
 * @property {number | null} [stride]
 * @property {number} [padding]
 * @property {number} [dilation]
 * @property {string} [activation]
 *
 * @typedef {object} LayerMaps what a layer makes of the chosen picture
 * @property {number[]} shape (channels, height, width), or (units,)
 * @property {PackedArray} [maps] of the first channels, bytes in one range
 * @property {number} [channels]
 * @property {PackedArray} [values] of a row of units
 *
 * @typedef {object} Maps the frame part `maps`
 * @property {number} row the number of the chosen picture; -1 for one that is not of the data
 * @property {number} label
 * @property {number} predicted
 * @property {PackedArray} input bytes
 * @property {LayerMaps[]} layers without the output layer
 * @property {PackedArray} outputs by class; for detection then the box
 * @property {{truth: number[], iou: number} | null} box for detection: the right one, and how well the predicted one lies upon it
 *
 * @typedef {object} LayerFilters
 * @property {number} layer
 * @property {number[]} shape (kernel, kernel, inputs, outputs)
 * @property {PackedArray} weights bytes (outputs, inputs, kernel, kernel), at most 16 × 16 of them
 * @property {PackedArray} change likewise what training has changed
 * @property {number[]} moved how far each filter is from where it began, as a share of its first length
 *
 * @typedef {object} Embedding where the samples are for the output layer, in two principal components
 * @property {PackedArray} points (samples, 2)
 * @property {PackedArray} labels bytes
 * @property {number[]} rows
 * @property {[number, number]} shares of the variance
 *
 * @typedef {object} Boxes found in test pictures: middle x, y, width, height as shares of the side
 * @property {number[]} rows
 * @property {PackedArray} truth (pictures, 4)
 * @property {PackedArray} predicted (pictures, 4)
 * @property {number[]} classes that are predicted
 * @property {number[]} iou
 *
 * @typedef {object} Answers what the network answers to each sample of a part
 * @property {number[]} rows
 * @property {number[]} labels
 * @property {number[]} predicted
 * @property {number[]} probability of the predicted class
 * @property {number[]} loss
 * @property {number[]} [iou]
 *
 * @typedef {object} PicturePage some pictures of the data
 * @property {[number, number, number]} shape
 * @property {string[]} class_names
 * @property {Record<string, number>} counts by part, in the order of rows
 * @property {number[]} rows
 * @property {number[]} labels
 * @property {[number, number, number, number][] | null} boxes
 * @property {PackedArray} pictures bytes (pictures, channels, height, width)
 */

export {};
