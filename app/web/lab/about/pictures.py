"""About the controls of pictures, and of networks for them."""

from app.web.lab.about.text import About

PICTURES = {
    "data.side": About(
        "Side",
        "How many pixels a picture is high and wide. More pixels show more, and cost more time.",
        "Draw shapes of 16 and of 32 pixels a side: how much longer does an epoch take?",
    ),
    "data.position": About(
        "Position",
        "How freely a shape is placed, from always in the middle to anywhere in the picture.",
        "Train at 0, then move it to 1: a network that has never seen shapes elsewhere gets them wrong.",
    ),
    "data.scale": About(
        "Scale",
        "How much shapes differ in size.",
        "Set it to 1 and look at the worst mistakes: are they the small ones?",
    ),
    "data.rotation": About(
        "Rotation",
        "How far shapes are turned.",
        "Set it to 1 and see whether more filters help.",
    ),
    "data.colour": About(
        "Colour",
        "Whether the network sees three channels, red, green and blue, or one channel of grey.",
        "Switch it off: does the network need colour to tell your classes apart?",
    ),
    "data.augmentation.copies": About(
        "Changed copies",
        "Beside each training picture stand so many copies of it that are moved, turned or made noisy (augmentation). "
        "They keep the network from learning its pictures by heart.",
        "Take 200 samples, train without copies, then with four of each: compare the test accuracy.",
    ),
    "data.augmentation.shift": About(
        "Shift",
        "How far a copy is moved at most, as a share of the picture’s side.",
        "Set it to 0.5: many digits leave the picture, and nobody could learn them.",
    ),
    "data.augmentation.rotate": About(
        "Rotate",
        "How far a copy is turned at most, in degrees.",
        "Set it to 180 for digits: 6 and 9 become the same.",
    ),
    "data.augmentation.flip": About(
        "Flip",
        "Mirrors half of the copies, left for right.",
        "Try it on digits: a mirrored 2 is no digit at all, so it does harm.",
    ),
    "data.augmentation.noise": About(
        "Noise of copies",
        "How much noise is added to each copy.",
        "Set it to 30, and add noise to all pictures afterwards: is the network less shaken?",
    ),
    "network.layers.filters": About(
        "Filters",
        "How many filters the layer has. Each looks for one thing everywhere in the picture and draws a map of where "
        "it has found it.",
        "Take a single filter for the digits, then four, then sixteen.",
    ),
    "network.layers.kernel": About(
        "Kernel",
        "The height and width of the patch that a filter sees at once.",
        "Take 1: a filter then sees single pixels and cannot find an edge.",
    ),
    "network.layers.stride": About(
        "Stride",
        "How far the window moves from one place to the next. With stride 2 the map is half as large.",
        "Take stride 2 in place of the pooling behind a convolution.",
    ),
    "network.layers.padding": About(
        "Padding",
        "Rows and columns of zeros around the picture, so that the kernel also fits at its edge.",
        "Kernel 3 with padding 1 keeps the size; without it each layer cuts off a pixel all around.",
    ),
    "network.layers.dilation": About(
        "Dilation",
        "How far apart the pixels are that a kernel sees: it reaches further without more weights.",
        "Open “See how it slides” and pull the dilation up.",
    ),
    "network.layers.size": About(
        "Size",
        "The height and width of the window of which pooling keeps one number.",
        "Take 8 for the digits: of each map a single number is left.",
    ),
    "network.layers.momentum": About(
        "Momentum",
        "How much of the running mean and variance stays at each step. Evaluation uses them in place of the batch’s.",
        "Set it to 0: the test accuracy jumps about from step to step.",
    ),
    "network.layers.rate": About(
        "Rate",
        "The chance that a value is left out at a training step, so that nothing relies on a single one (dropout).",
        "Set it to 0.5 before the output, with few samples, and compare the test loss.",
    ),
}
