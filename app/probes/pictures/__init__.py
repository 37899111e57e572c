"""What is told of a network for pictures: parts of frames, and explanations of single pictures, filters and units."""
