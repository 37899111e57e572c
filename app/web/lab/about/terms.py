"""Words of the lab of pictures that are no controls: kinds of layers, ways to look into a network and to judge it."""

from app.web.lab.about.text import About

TERMS = {
    "layer.conv2d": About(
        "Convolution",
        "Many small windows, the filters, slide over the picture. Each looks for one thing, such as an edge, and draws "
        "a map of where it has found it.",
        "Press “See how it slides”, then click a pixel of a map: the panel shows every product that went into it.",
    ),
    "layer.max_pool": About(
        "Max pooling",
        "Makes maps smaller: of every small window only the largest value is kept. It matters that something was "
        "found, less so where exactly.",
        "Remove it and look at the number of parameters: the layers behind it get far more to do.",
    ),
    "layer.average_pool": About(
        "Average pooling",
        "Makes maps smaller: of every small window only the mean is kept.",
        "Put it in place of max pooling and compare the test accuracy.",
    ),
    "layer.global_average_pool": About(
        "Global average pooling",
        "Makes one number of each map: its mean. What is left says what is on the picture, no longer where.",
        "Put it in place of flatten and dense: the network gets tiny, and copes better with shapes that move.",
    ),
    "layer.batch_norm": About(
        "Batch norm",
        "Brings the values of each map to a like size: over all pictures of a batch the mean is 0 and the spread 1 "
        "(batch normalisation). Deep networks learn faster with it.",
        "Put one behind each convolution and take a learning rate ten times as large.",
    ),
    "layer.layer_norm": About(
        "Layer norm",
        "Brings all values of one picture to a like size: mean 0, spread 1. It does not need the other pictures of "
        "the batch (layer normalisation).",
        "Set the batch size to 1: batch norm breaks down, layer norm does not mind.",
    ),
    "layer.dropout": About(
        "Dropout",
        "Leaves out values at random while training, so that the network cannot rely on a single one. It works against "
        "learning by heart.",
        "Put one before the output, take 200 pictures, and compare the test loss.",
    ),
    "layer.flatten": About(
        "Flatten",
        "Lays all pixels of all maps into one long row of numbers, as dense layers want it.",
        "Compare its shape with the one before: 16 × 2 × 2 becomes 64.",
    ),
    "layer.dense": About(
        "Dense",
        "A layer of neurons, each of which looks at all numbers of the layer before. It puts together what the "
        "filters have found.",
        "Click one of its cells: the panel shows which numbers spoke for it, and which against.",
    ),
    "layer.residual": About(
        "Residual block",
        "Two convolutions and a short way past them: what came in is added to what they make. So a block has to learn "
        "only what is to be changed, and very deep networks can learn.",
        "Put six of them in a row, then six plain convolutions: which learns faster?",
    ),
    "receptive_field": About(
        "Receptive field",
        "The part of the picture that one pixel of a map can see. It grows from layer to layer, as each window looks "
        "at windows.",
        "Point at a pixel of the last map: the frames show what it sees in every layer before it.",
    ),
    "saliency": About(
        "Saliency",
        "Asks of each pixel: if it were a little brighter, how much would the answer change? Blue pixels speak for the "
        "class, orange ones against it.",
        "Choose another class: which pixels would have to be brighter for it?",
    ),
    "integrated_gradients": About(
        "Integrated gradients",
        "Goes in small steps from a black picture to this one and adds up what each pixel does to the answer. All "
        "pixels together make up the whole change.",
        "Compare it with saliency: it is calmer, and its numbers add up.",
    ),
    "grad_cam": About(
        "Grad-CAM",
        "Shows which regions the last maps point at for a class. It is coarse, as those maps are small, but shows at "
        "a glance where the network looks.",
        "Look at a picture that is answered wrongly: did the network look at the wrong place?",
    ),
    "occlusion": About(
        "Occlusion",
        "Covers one place after another with a grey square and watches the answer. Where it gets less sure, the place "
        "mattered.",
        "Take a 7: which stroke does the network need to tell it from a 1?",
    ),
    "boxes": About(
        "Boxes and IoU",
        "The box that is drawn through is the right one, the dashed one is where the network sees it. IoU "
        "(intersection over union) is the part that they share: 100 % is a perfect fit.",
        "Press play and watch the dashed boxes find their places.",
    ),
    "confusion": About(
        "Confusion matrix",
        "Counts what is taken for what: each row is a class, each column an answer. Right answers stand on the "
        "diagonal.",
        "Find the largest number beside the diagonal, click it, and look at its pictures.",
    ),
    "mistakes": About(
        "Worst mistakes",
        "The test pictures that are answered wrongly, those first of which the network was most sure.",
        "Click one and choose Grad-CAM: where did the network look?",
    ),
    "calibration": About(
        "Calibration",
        "Is the network as often right as it is sure? Of the answers that it is 80 % sure of, 80 % should be right: "
        "then the points lie on the line. Below the line it is too sure of itself.",
        "Train for long on 200 pictures: the points sink below the line.",
    ),
    "embedding": About(
        "Embedding",
        "Each picture as a point, at the place where the last layer puts it: those that are alike to the network lie "
        "close together. PCA shows where they differ most. UMAP, if the server has it, keeps neighbours together, but "
        "not how far islands lie apart.",
        "Press play: the classes drift apart into islands. Click a point between two of them.",
    ),
}

GLOSSARY: tuple[str, ...] = (
    "layer.conv2d",
    "network.layers.filters",
    "network.layers.kernel",
    "network.layers.stride",
    "network.layers.padding",
    "network.layers.dilation",
    *(key for key in TERMS if key != "layer.conv2d"),
)
"""Keys of texts that together explain networks for pictures, in an order to be read in."""
