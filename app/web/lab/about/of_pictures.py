"""About controls of both labs, where pictures and not points are learnt from."""

from app.web.lab.about.text import About

OF_PICTURES = {
    "play": About(
        "Play and pause",
        "Starts training: the network looks at the pictures again and again and changes its filters a little each "
        "time. Pausing loses nothing.",
        "Press play and watch the maps in the middle change while the answers get right.",
    ),
    "step": About(
        "Step",
        "Trains a small, exact amount, then stops. One epoch is one pass over all training pictures; one batch is a "
        "single update of the weights.",
        "Choose one batch in the menu beside it and press it ten times: you see each update change the maps.",
    ),
    "family": About(
        "Kind of network",
        "What learns, and by which rule. A convolutional network slides small filters over a picture, so that it finds "
        "a thing wherever it stands.",
        "Open the preset “Without convolution” and see what a network without filters makes of shapes that move.",
    ),
    "data.kind": About(
        "Dataset",
        "The pictures that the network learns from, each with its class. To the network a picture is a grid of "
        "numbers: 0 is black, 1 is white.",
        "Try the digits, then the shapes, then draw or photograph pictures of your own.",
    ),
    "data.task": About(
        "Task",
        "Classification tells what is on a picture. Detection also tells where: it draws a box around it.",
        "Choose detection, press play, and watch the dashed boxes find the shapes.",
    ),
    "data.noise": About(
        "Noise",
        "How much grain is mixed into the pictures at random, as in a photograph taken at night.",
        "Set it to 50: can you still read the digits? Can the network?",
    ),
    "data.train_fraction": About(
        "Training share",
        "The share of the pictures that the network may learn from. The others are kept back to test it.",
        "Set it to 10 %: the training loss gets small, the test loss does not.",
    ),
    "data.validation_fraction": About(
        "Validation share",
        "Pictures kept back to decide when to stop, or which settings are best, so that the test pictures stay unseen.",
        "Set it to 20 %, switch on “Stop early” beside the batch size, and let it end by itself.",
    ),
    "data.samples": About(
        "Samples",
        "How many pictures there are in all, for training and for testing together.",
        "Learn the digits from 100 pictures, then from 1,500: more data cures much overfitting.",
    ),
    "data.classes": About(
        "Classes",
        "How many kinds of shapes there are. The network has one output for each class.",
        "Take more and more classes: which two does it confuse first?",
    ),
    "data.seed": About(
        "Data seed",
        "The number that follows every random choice about the pictures: the same seed gives the same pictures on "
        "every computer. “Draw anew” takes another.",
        "Train, draw the data anew, train again: is the result about as good on other pictures?",
    ),
    "layers": About(
        "Layers",
        "The picture goes through them from left to right, and each builds on what the one before has found: edges, "
        "then corners, then whole shapes.",
        "Add a convolution with the plus between two cards, and drag a card to another place.",
    ),
    "neurons": About(
        "Neurons",
        "How many neurons the layer has. Each adds up all its inputs, times their weights, plus a bias, and passes the "
        "sum through an activation.",
        "Take 4, then 64: how much does the test accuracy gain?",
    ),
    "network.layers.activation": About(
        "Activation",
        "The function that each value of the layer is put through. ReLU keeps what was found and makes the rest 0. "
        "Without a bent one, many layers are no better than one.",
        "Choose linear for all layers, train, and compare the test accuracy.",
    ),
    "seed": About(
        "Seed",
        "The number that every random choice follows from: first weights, order of the pictures, dropout. "
        "“New weights” draws a new one; reset keeps it.",
        "Draw new weights three times and look at the filters: do they find the same things?",
    ),
    "training.loss": About(
        "Loss",
        "The number that says how wrong the answers are; training makes it small. For classes it is the cross-entropy; "
        "for detection a penalty on boxes that lie wrong is added.",
        "Look at the worst mistakes: they are those with the largest loss.",
    ),
    "training.batch_size": About(
        "Batch size",
        "How many pictures are looked at for each update. Small batches make many restless updates, large ones few "
        "calm ones.",
        "Compare 8 with 256: look at the learning curve and at how many epochs each needs.",
    ),
    "training.shuffle": About(
        "Shuffle",
        "Goes through the pictures in a new order in every epoch, so that the order itself is not learnt.",
        "Switch it off and see the loss swing in the same rhythm in each epoch.",
    ),
    "training.balance_classes": About(
        "Balance the classes",
        "Lets each picture of a rare class count for more, so that every class has the same say in what is learnt.",
        "Bring many pictures of one class and few of another, and look at the confusion matrix with and without it.",
    ),
}
