"""About the controls that run the training and show it."""

from app.web.lab.about.text import About

PAGE = {
    "play": About(
        "Play and pause",
        "Starts training: the network looks at the points again and again and changes its weights a little each time. "
        "Pausing loses nothing.",
        "Press play and watch the picture at the right bend until orange and blue points lie on their own colour.",
    ),
    "step": About(
        "Step",
        "Trains a small, exact amount, then stops. One epoch is one pass over all training points; one batch is a "
        "single update of the weights.",
        "Choose one batch in the menu beside it and press it ten times: you see each single update change the lines.",
    ),
    "reset": About(
        "Reset",
        "Goes back to the beginning with the same first weights, so the same training can be watched again. "
        "The seed stays as it is.",
        "Train for 100 epochs, reset, change the learning rate, and train again: only the learning rate is different.",
    ),
    "speed": About(
        "Speed",
        "How many epochs are trained each second. What is learnt does not depend on it, only how long you wait.",
        "Choose 1 epoch per second to see how the first epochs go, then full speed to see where they lead.",
    ),
    "time_line": About(
        "Time line",
        "Goes back to any epoch that was passed: weights, picture and charts are as they were then. Play repeats what "
        "happened; a change goes another way. A branch is a new run that begins here.",
        "Train for 200 epochs, go back to 20, and branch with another learning rate.",
    ),
    "undo": About(
        "Undo and redo",
        "Takes back your last change, training progress included, or makes it again. Nothing on this page can break.",
        "Remove a layer in the middle of training and undo: the network is back with all that it had learnt.",
    ),
    "presets": About(
        "Presets",
        "Ready-made experiments, each of which shows one thing about neural networks and says what to try.",
        "Open one about overfitting and see the training loss fall while the test loss rises.",
    ),
    "diagnosis": About(
        "Diagnosis",
        "Watches the run and says what stands out: steps too large, dead neurons, learning by heart and more, each "
        "with the numbers that show it and a button that puts it right.",
        "Set the learning rate to 10, train, and see what it says. The repair can be undone.",
    ),
    "test_points": About(
        "Show test points",
        "Test points are kept back: the network never trains on them. They tell whether it has understood the pattern "
        "or only learnt its examples by heart (overfitting).",
        "Show them after training with noise 40: many lie on the wrong colour, although training points do not.",
    ),
    "discretise": About(
        "Discretise output",
        "Shows only what the network decides, not how sure it is. The edge between the colours is called the decision "
        "boundary.",
        "Switch it on while the circle is being learnt: the boundary closes from a line into a ring.",
    ),
    "paint": About(
        "Paint points",
        "Lets you draw your own training points on the picture with a brush for each class.",
        "Paint two moons that hold each other, then see how many neurons it takes to part them.",
    ),
    "charts": About(
        "Charts",
        "What happens inside while the network learns: losses, weights, gradients and more, each in a card that can be "
        "opened and closed.",
        "Open the gradients beside the loss, with six layers of sigmoid: the first layers hardly get any.",
    ),
    "space": About(
        "Space warp",
        "Where a hidden layer puts the plane: a sheet with a grid and points on it, which the layer bends and folds. "
        "Two neurons are the two axes; of more, the two directions are shown in which points differ most.",
        "Learn the circle and watch the last hidden layer: it folds the sheet until a straight cut parts the classes.",
    ),
    "landscape": About(
        "Loss landscape",
        "The training loss around the network, the cross, if all its weights moved: in two random directions, or in "
        "the two in which training has moved it most, with its path from the ring on. On a slope it can still go down.",
        "Train the spiral at 30 epochs a second and draw the path: it goes down steeply, turns, and creeps along a "
        "valley.",
    ),
}
