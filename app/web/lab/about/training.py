"""About the controls of the training."""

from app.web.lab.about.text import About

TRAINING = {
    "training.optimizer.learning_rate": About(
        "Learning rate",
        "How big a step each update takes. Too small a rate learns slowly; too large a one jumps about or diverges.",
        "Try 0.001, then 0.03, then 3 on the circle and compare the learning curves.",
    ),
    "training.optimizer.kind": About(
        "Optimiser",
        "The rule that turns gradients into new weights. SGD walks straight downhill; Momentum keeps rolling; Adam "
        "also suits the step to each weight.",
        "Learn the spiral with SGD, then with Adam at a learning rate of 0.01.",
    ),
    "training.optimizer.momentum": About(
        "Momentum",
        "The share of its speed that the update keeps, like a heavy ball. More of it rolls through small hollows.",
        "Set it to 0.99: the loss swings like a pendulum before it settles.",
    ),
    "training.optimizer.decay": About(
        "Decay",
        "How long RMSprop remembers the sizes of past gradients: the nearer to 1, the longer.",
        "Set it to 0.5 and see the loss get more restless.",
    ),
    "training.optimizer.beta1": About(
        "Beta 1",
        "How much of the earlier direction is kept at each step, as in momentum.",
        "Set it to 0: no momentum is left, and the path gets more jagged.",
    ),
    "training.optimizer.beta2": About(
        "Beta 2",
        "How long the optimiser remembers how large each weight's gradients were: the nearer to 1, the longer.",
        "Set it to 0.9 and compare how calmly the loss falls.",
    ),
    "training.optimizer.epsilon": About(
        "Epsilon",
        "A tiny number that keeps the optimiser from dividing by zero. It seldom needs a change.",
        "Set it to 1: the optimiser now behaves almost like SGD, with small steps.",
    ),
    "training.optimizer.weight_decay": About(
        "Weight decay",
        "Shrinks every weight a little at each step, apart from the gradient. It works against overfitting.",
        "Set it to 0.1 on noisy data and watch the weights in the histogram.",
    ),
    "training.loss": About(
        "Loss",
        "The number that says how wrong the answers are; training makes it small. Cross-entropy suits classes, squared "
        "error suits values.",
        "Put a few outliers into your own points and compare squared error with Huber.",
    ),
    "training.regularization.l1": About(
        "L1",
        "A penalty on the size of the weights that pulls the useless ones to exactly zero (regularisation).",
        "Give the network all features and L1 0.003: the lines from useless features vanish.",
    ),
    "training.regularization.l2": About(
        "L2",
        "A penalty on large weights that keeps them all small and the boundary smooth (regularisation).",
        "Overfit noisy data with 16 neurons, then set L2 to 0.01: the islands melt.",
    ),
    "training.batch_size": About(
        "Batch size",
        "How many points are looked at for each update. Small batches make many restless updates, large ones few calm "
        "ones.",
        "Compare 1 with 250: look at the learning curve and at how many epochs each needs.",
    ),
    "training.shuffle": About(
        "Shuffle",
        "Goes through the points in a new order in every epoch, so that the order itself is not learnt.",
        "Switch it off with batch size 10 and see the loss swing in the same rhythm in each epoch.",
    ),
    "training.balance_classes": About(
        "Balance the classes",
        "Lets each point of a rare class count for more, so that every class has the same say in what is learnt. "
        "Otherwise the network may answer the common class everywhere and be right nearly every time.",
        "Paint many points of one class and five of another, and look at the confusion matrix with and without it.",
    ),
    "training.early_stopping": About(
        "Stop early",
        "Ends training by itself when the validation loss no longer gets better, before the network overfits.",
        "Switch it on for noisy data and compare the test loss with that of a long training.",
    ),
    "training.early_stopping.patience": About(
        "Patience",
        "How many epochs without improvement are waited for before training ends.",
        "Set it to 5: the training may give up too early, on a small bump.",
    ),
    "training.early_stopping.min_delta": About(
        "Least improvement",
        "How much smaller the validation loss must get to count as an improvement.",
        "Set it to 0.01: tiny gains no longer keep the training alive.",
    ),
    "training.schedule.kind": About(
        "Schedule",
        "Changes the learning rate while training goes on: large steps first, small ones to settle.",
        "Train the spiral with a high learning rate and a cosine schedule: the restless curve grows calm.",
    ),
    "training.schedule.gamma": About(
        "Gamma",
        "What the learning rate is multiplied by each time. One changes nothing; small numbers slow down quickly.",
        "Set it to 0.5 and open the chart of the schedule.",
    ),
    "training.schedule.every": About(
        "Every … epochs",
        "How many epochs pass until the learning rate is lowered once more.",
        "Set it to 20 and look for the stairs in the learning curve.",
    ),
    "training.schedule.epochs": About(
        "Epochs",
        "How many epochs the schedule takes to reach its end; from there on the rate stays as it is.",
        "Set it to 100 and watch the loss after epoch 100: it hardly moves any more.",
    ),
    "training.schedule.floor": About(
        "Floor",
        "The part of the learning rate that is left at the end of the schedule.",
        "Set it to 0.1, so that learning never stops altogether.",
    ),
    "training.clipping.kind": About(
        "Gradient clipping",
        "Shortens gradients that are too long, so that one wild update cannot ruin what was learnt.",
        "Use a learning rate that diverges, then clip by norm: it holds.",
    ),
    "training.clipping.threshold": About(
        "Threshold",
        "The longest gradient that is let through unchanged.",
        "Set it to 0.1: learning gets slow, but very steady.",
    ),
}
