/**
 * The messages of the event stream (see app/schemas/frame.py and the REST documentation) and the state made of them.
 *
 * @import { Boxes, Embedding, LayerFilters, Maps } from "./picture-types.js"
 *
 * @typedef {"created" | "queued" | "compiling" | "running" | "paused" | "diverged" | "finished" | "failed"} RunStatus
 *
 * @typedef {object} PackedArray an array as it travels: base64 of little-endian numbers in C order
 * @property {"float32" | "uint8"} [dtype] bytes where it is not given
 * @property {number[]} shape
 * @property {string} data
 * @property {[number, number]} [range] what byte 0 and byte 255 stand for
 *
 * @typedef {object} PackedLayer
 * @property {PackedArray} weight (inputs, units)
 * @property {PackedArray} bias (units,)
 *
 * @typedef {object} Boundary what the network answers over the plane
 * @property {[number, number]} x_range
 * @property {[number, number]} y_range
 * @property {PackedArray} [value] one output
 * @property {PackedArray} [class] several outputs: the index of the largest
 * @property {PackedArray} [confidence] several outputs: how large it is, 0 to 1
 *
 * @typedef {Record<string, number | null>} Metrics
 * @typedef {Record<string, Metrics | null>} PartMetrics by part: train, validation, test
 *
 * @typedef {object} PointLog
 * @property {string[]} columns
 * @property {(number | null)[][]} rows
 *
 * @typedef {object} Frame
 * @property {string} run
 * @property {number} revision
 * @property {number} origin
 * @property {RunStatus} status
 * @property {boolean} playing whether it trains, or will as soon as it can
 * @property {number} step
 * @property {number} epoch
 * @property {PointLog} [points]
 *
 * @typedef {object} Pictures the parts of a frame of which only the latest counts; layers end with the output layer
 * @property {PartMetrics | null} metrics
 * @property {{layers: PackedLayer[]} | null} weights
 * @property {{layers: PackedLayer[]} | null} gradients of the last update
 * @property {{maps: PackedArray[]} | null} inputs of every chosen feature
 * @property {{layers: PackedArray[][]} | null} neurons of every hidden neuron
 * @property {Boundary | null} boundary
 * @property {Separator | null} separator
 * @property {{layers: Histogram[]} | null} weight_histograms
 * @property {{layers: {pre_activation: Histogram, activation: Histogram}[]} | null} activation_histograms over training samples
 * @property {{layers: Histogram[]} | null} gradient_histograms of weights
 * @property {{layers: number[]} | null} gradient_norms Euclidean, weights and biases of a layer together
 * @property {Predictions | null} predictions
 * @property {Surface | null} surface
 * @property {Space | null} space
 * @property {{findings: Finding[]} | null} diagnosis what stands out
 * @property {Maps | null} maps of the chosen picture
 * @property {{layers: LayerFilters[]} | null} filters
 * @property {Embedding | null} embedding
 * @property {Boxes | null} boxes
 *
 * @typedef {object} Histogram equal bins from low to high
 * @property {number} low
 * @property {number} high
 * @property {number[]} counts
 *
 * @typedef {object} Predictions what is answered to the samples, by part: train, validation, test
 * @property {Record<string, number[][] | null>} [confusion] of classes: rows are actual, columns predicted
 * @property {Record<string, {targets: PackedArray, outputs: PackedArray} | null>} [values] of a regression, a share of the samples
 *
 * @typedef {object} Surface
 * @property {[number, number]} x_range
 * @property {[number, number]} y_range
 * @property {PackedArray[]} outputs a map of each output
 *
 * @typedef {object} Space how each hidden layer sees the plane (app/probes/space.py)
 * @property {number} stride every so many training samples one is placed
 * @property {SpaceLayer[]} layers
 *
 * @typedef {object} SpaceLayer
 * @property {[PackedArray, PackedArray]} grid both coordinates of a grid over the plane, line by line from the lowest x₂
 * @property {[PackedArray, PackedArray]} samples likewise of samples, in one row
 * @property {number | null} share of the variance that is shown; null where the coordinates are the layer's own
 * @typedef {[number, number]} Place x1 and x2
 * @typedef {object} Separator the lines of a network without hidden layers (app/probes/separator.py)
 * @property {([Place, Place] | null)[]} lines of each unit, the positive side on the left
 * @property {Place | null} mistake the sample of the last mistake
 * @property {{point: Place | null, inside: Place[], outside: Place[]} | null} overlap why no line will do
 *
 * @typedef {object} Finding one thing that stands out (app/schemas/finding.py)
 * @property {string} code
 * @property {number | null} layer
 * @property {string} title
 * @property {string} words
 * @property {Record<string, number>} evidence
 * @property {Repair | null} repair
 *
 * @typedef {object} Repair what would put it right
 * @property {string} label
 * @property {object} patch a merge patch on the Experiment
 * @property {boolean} reset whether the run is to start again with it
 *
 * @typedef {object} StatusEvent
 * @property {string} run
 * @property {number} revision
 * @property {RunStatus} status
 * @property {string} message
 * @property {number} step
 * @property {number} epoch
 * @property {number | null} speed
 * @property {number | null} [queue_place]
 * @property {boolean} playing whether it trains, or will as soon as it can
 * @property {number | null} passed the last epoch that it has passed, where it has gone back
 * @property {number[]} kept_epochs those that it goes back to at once
 * @property {string | null} undo what the last change was, if it can be taken back
 * @property {string | null} redo what was taken back last, if it can be made again
 *
 * @typedef {object} Problem
 * @property {string} [run]
 * @property {string} title
 * @property {string} detail
 *
 * @typedef {{type: "frame", frame: Frame & Partial<Pictures>, at: number}
 *   | {type: "status", status: StatusEvent, at: number}
 *   | {type: "problem", problem: Problem}
 *   | {type: "intent", playing: boolean}
 *   | {type: "connection", open: boolean}
 *   | {type: "catch-up", epoch: number}
 *   | {type: "kept", count: number}
 *   | {type: "watch", run: string}
 *   | {type: "forget", parts: (keyof Pictures)[]}} Message what the reducer takes; `at` is in milliseconds, an intent what the visitor just asked for
 *
 * @typedef {object} RunState
 * @property {string} run
 * @property {boolean} connected
 * @property {{epoch: number, playing: boolean} | null} left where the run was when the connection was lost
 * @property {number | null} catchingUp the epoch that a run made anew is brought to
 * @property {number} kept changes that wait for the server
 * @property {RunStatus} status
 * @property {boolean} playing whether it trains, or will as soon as it can
 * @property {string} message the server's words
 * @property {number | null} queuePlace
 * @property {number | null} passed the last epoch that it has passed, where it looks back
 * @property {readonly number[]} keptEpochs those that it goes back to at once
 * @property {string | null} undo
 * @property {string | null} redo
 * @property {Problem | null} problem
 * @property {number} revision
 * @property {number} origin
 * @property {number} step
 * @property {number} epoch
 * @property {number | null} rate epochs per second, measured
 * @property {{epoch: number, at: number}[]} pace what `rate` is measured from
 * @property {PointLog} points
 *
 * @typedef {RunState & Pictures} LabState all that is known of the run on the page
 */

/**
 * @typedef {object} PointSet the points of the data (app/web/lab/points.py)
 * @property {[number, number, number, number][]} points x1, x2, label, part
 * @property {string[]} parts
 * @property {[string, string]} axis_names
 * @property {[[number, number], [number, number]]} domain
 * @property {string[]} class_names
 * @property {"classification" | "regression"} task
 */

export {};
