/**
 * What the server explains of a picture, a filter, a unit and all samples (app/schemas/explain.py, app/schemas/unit.py). All is counted
 * from 0.
 *
 * @import { PackedArray } from "./types.js"
 * @import { Box } from "./receptive.js"
 *
 * @typedef {object} MapsExplanation
 * @property {number | null} label
 * @property {number} predicted
 * @property {PackedArray} input
 * @property {{layer: number, pre_activation: PackedArray, output: PackedArray}[]} layers the output layer last
 *
 * @typedef {object} UnitExplanation
 * @property {Arithmetic} arithmetic
 * @property {number | null} pre_activation
 * @property {string} activation
 * @property {number | null} value
 * @property {string[]} terms in words
 *
 * @typedef {object} Convolution
 * @property {"convolution"} kind
 * @property {number[]} rows
 * @property {number[]} columns
 * @property {PackedArray} patch (channels, kernel, kernel), as weights and products
 * @property {PackedArray} weights
 * @property {PackedArray} products
 * @property {number | null} sum
 * @property {number | null} bias
 * @property {number | null} result
 *
 * @typedef {object} WeightedSum
 * @property {"weighted_sum"} kind
 * @property {{input: number, value: number | null, weight: number | null, product: number | null}[]} largest
 * @property {number} others
 * @property {number | null} rest
 * @property {number | null} sum
 * @property {number | null} bias
 * @property {number | null} result
 *
 * @typedef {object} Pooling
 * @property {"largest" | "mean"} kind
 * @property {number[]} rows
 * @property {number[]} columns
 * @property {PackedArray} window
 * @property {{y: number | null, x: number | null} | null} winner
 * @property {number | null} result
 *
 * @typedef {object} Norm
 * @property {"norm"} kind
 * @property {number | null} value
 * @property {number | null} mean
 * @property {number | null} variance
 * @property {number} epsilon
 * @property {number | null} normalised
 * @property {number | null} scale
 * @property {number | null} shift
 * @property {number | null} result
 *
 * @typedef {object} PassedOn
 * @property {"passed_on"} kind
 * @property {{channel: number | null, y: number | null, x: number | null, unit: number | null}} source
 * @property {number | null} result
 *
 * @typedef {object} ResidualSum
 * @property {"residual"} kind
 * @property {Convolution} convolution
 * @property {Norm} norm
 * @property {PassedOn | Convolution} past
 * @property {Norm | null} past_norm
 * @property {number | null} result
 *
 * @typedef {object} OutputSum
 * @property {"answer"} kind
 * @property {WeightedSum} weighted_sum
 * @property {(number | null)[]} logits
 * @property {(number | null)[]} exponentials
 * @property {number | null} total
 * @property {(number | null)[]} outputs
 * @property {string} loss_name
 * @property {number | null} loss
 * @property {number | null} result
 *
 * @typedef {Convolution | WeightedSum | Pooling | Norm | PassedOn | ResidualSum | OutputSum} Arithmetic
 *
 * @typedef {object} Attribution
 * @property {number} class_index
 * @property {number | null} logit
 * @property {number | null} probability
 * @property {PackedArray} strength (height, width)
 * @property {PackedArray | null} signed
 * @property {number | null} layer
 * @property {number | null} attributed
 * @property {number | null} difference
 *
 * @typedef {object} TopPicture
 * @property {number} row
 * @property {number} label
 * @property {number | null} value
 * @property {number} y
 * @property {number} x
 * @property {Box} field
 *
 * @typedef {object} Synthesis
 * @property {PackedArray} picture
 * @property {number | null} start
 * @property {number | null} end
 *
 * @typedef {object} UmapEmbedding where UMAP puts samples by what the output layer sees
 * @property {number} epoch
 * @property {PackedArray} points (samples, 2)
 * @property {PackedArray} labels bytes
 * @property {number[]} rows
 */

export {};
