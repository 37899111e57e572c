"""About the controls of the network."""

from app.web.lab.about.text import About

NETWORK = {
    "family": About(
        "Kind of network",
        "What learns, and by which rule. Most kinds follow the slope of their loss. One has no slope: it turns its "
        "line a little at each sample that it gets wrong.",
        "Try each kind and step through single samples: with one, the line moves only where it was wrong. Where a line "
        "can part the classes, the table tells how many mistakes there can be at most.",
    ),
    "layers": About(
        "Hidden layers",
        "Layers of neurons between input and output, each of which builds on what the one before has found. "
        "Many layers make a network deep.",
        "Remove all of them: the network can draw one straight line only.",
    ),
    "neurons": About(
        "Neurons",
        "How many neurons the layer has. Each adds up its inputs, times their weights, plus a bias, and passes the sum "
        "through an activation.",
        "Learn the circle with one, two, three and four neurons in one layer: where does it begin to work?",
    ),
    "network.layers.activation": About(
        "Activation",
        "The function that each neuron of the layer puts its sum through. Without a bent one, many layers are no "
        "better than one.",
        "Choose linear for all layers and try the circle; then ReLU: the boundary gets corners.",
    ),
    "network.layers.dropout": About(
        "Dropout",
        "The chance that a neuron of the layer is left out at a training step, so that no neuron can rely on a single "
        "other one. It works against overfitting.",
        "Give 16 neurons a dropout of 30 % on noisy data and compare the test loss.",
    ),
    "network.output_activation": About(
        "Output activation",
        "What the last layer does with its sums: tanh keeps them within ±1, sigmoid within 0 and 1, softmax makes "
        "shares of 100 %.",
        "Choose linear for a classification: the colours may now go beyond ±1.",
    ),
    "network.init.kind": About(
        "First weights",
        "How the weights are drawn at random before training begins (initialisation). Too small or too large ones make "
        "learning slow, or impossible.",
        "Choose zeros: all neurons of a layer stay the same for ever.",
    ),
    "network.init.bias": About(
        "First bias",
        "The value that every bias begins with. A bias moves a neuron's boundary away from the middle.",
        "Set it to −5 with ReLU: most neurons are dead from the start and never learn.",
    ),
    "network.init.scale": About(
        "Scale",
        "The largest first weight: weights are drawn evenly between minus this and plus this.",
        "Set it to 5: tanh neurons begin saturated, and their maps have hard edges.",
    ),
    "network.init.distribution": About(
        "Distribution",
        "Whether the first weights are drawn evenly from a range (uniform) or mostly near zero (normal).",
        "Draw new weights a few times with each and look at the histogram of the weights.",
    ),
    "network.init.gain": About(
        "Gain",
        "What the first weights are multiplied by. One keeps signals at the same size from layer to layer.",
        "Set it to 0.1 with six layers: the first maps of the last layer are almost empty.",
    ),
    "seed": About(
        "Seed",
        "The number that every random choice follows from: first weights, order of the points, dropout. "
        "“New weights” draws a new one; reset keeps it.",
        "Draw new weights three times for the spiral: some begin luckier than others.",
    ),
}
