"""About the controls of the data."""

from app.web.lab.about.text import About

DATA = {
    "problem": About(
        "Problem",
        "Classification means telling kinds of points apart, such as orange and blue. Regression means predicting a "
        "number for each place.",
        "Choose regression: the colours are now values, and the output of the network has no sharp edge.",
    ),
    "data.kind": About(
        "Dataset",
        "The points that the network learns from. Each has two numbers, its place (x₁ and x₂), and a class or value, "
        "its colour.",
        "Try Gaussian, then spiral, with the same network: how many epochs does each need?",
    ),
    "data.points": About(
        "Own points",
        "Your own table: two numbers and a class or value in each line, pasted or opened as a CSV file.",
        "Type ten points of your own, five of each class, and see whether a straight line can part them.",
    ),
    "data.noise": About(
        "Noise",
        "How much the points are shaken at random. Real measurements are always a little noisy.",
        "Set it to 50 and train for long: the network begins to draw islands around single points (overfitting).",
    ),
    "data.train_fraction": About(
        "Training share",
        "The share of the points that the network may learn from. The others are kept back to test it.",
        "Set it to 10 % with some noise: the training loss gets small, the test loss does not.",
    ),
    "data.validation_fraction": About(
        "Validation share",
        "Points kept back to decide when to stop, or which settings are best, so that the test points stay unseen.",
        "Set it to 20 %, switch on “Stop early” beside the batch size, and let it end by itself.",
    ),
    "data.samples": About(
        "Samples",
        "How many points there are in all, for training and for testing together. Points are called samples or "
        "examples, too.",
        "Learn the spiral with 100 samples, then with 2,000: more data cures much overfitting.",
    ),
    "data.classes": About(
        "Classes",
        "How many kinds of points there are. From three on, the network has one output for each class.",
        "Choose rings with five classes and watch each output claim its own ring.",
    ),
    "data.columns": About(
        "Columns",
        "Which two measurements of each flower or wine become x₁ and x₂. The choice decides how easy the task is.",
        "For iris, compare petal length and width with sepal length and width.",
    ),
    "data.task": About(
        "Task",
        "Whether the last column of your own points is a class to tell apart or a value to predict. It is told from "
        "the data unless you choose.",
        "Take points with labels 1, 2 and 3 and see what each reading of them gives.",
    ),
    "data.scaling": About(
        "Scaling",
        "Brings all inputs to a like size before the network sees them. “Standardise” gives each the mean 0 and the "
        "standard deviation 1.",
        "Learn wine with and without it: unscaled inputs make training slow and jumpy.",
    ),
    "data.seed": About(
        "Data seed",
        "The number that the random points are drawn from: the same seed gives the same points on every computer. "
        "“Regenerate” draws a new one.",
        "Train, regenerate the data, train again: is the result about as good on other points?",
    ),
    "features": About(
        "Features",
        "What the network is told about each point: its place, or something computed from it, such as x₁². "
        "Good features make hard problems easy.",
        "Circle with x₁² and x₂² alone needs no hidden layer at all.",
    ),
}
