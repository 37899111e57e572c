"""The one array type of this package: coordinates, labels and features are computed in float64."""

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
