/**
 * The messages of the event stream (see app/schemas/frame.py and the REST documentation) and the state made of them.
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
 * @property {number} step
 * @property {number} epoch
 * @property {PointLog} [points]
 * @property {PartMetrics} [metrics]
 * @property {{layers: PackedLayer[]}} [weights]
 * @property {{maps: PackedArray[]}} [inputs] of every chosen feature
 * @property {{layers: PackedArray[][]}} [neurons] of every hidden neuron
 * @property {Boundary} [boundary]
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
 *
 * @typedef {object} Problem
 * @property {string} [run]
 * @property {string} title
 * @property {string} detail
 *
 * @typedef {{type: "frame", frame: Frame, at: number}
 *   | {type: "status", status: StatusEvent, at: number}
 *   | {type: "problem", problem: Problem}
 *   | {type: "intent", playing: boolean}
 *   | {type: "connection", open: boolean}
 *   | {type: "watch", run: string}} Message what the reducer takes; `at` is in milliseconds, an intent what the visitor just asked for
 *
 * @typedef {object} LabState all that is known of the run on the page
 * @property {string} run
 * @property {boolean} connected
 * @property {RunStatus} status
 * @property {boolean} playing whether it trains, or will as soon as it can
 * @property {string} message the server's words
 * @property {number | null} queuePlace
 * @property {Problem | null} problem
 * @property {number} revision
 * @property {number} origin
 * @property {number} step
 * @property {number} epoch
 * @property {number | null} rate epochs per second, measured
 * @property {{epoch: number, at: number}[]} pace what `rate` is measured from
 * @property {PointLog} points
 * @property {PartMetrics | null} metrics
 * @property {{layers: PackedLayer[]} | null} weights
 * @property {{maps: PackedArray[]} | null} inputs
 * @property {{layers: PackedArray[][]} | null} neurons
 * @property {Boundary | null} boundary
 */

export {};
