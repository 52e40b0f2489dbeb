// Facts about the training pictures that a run needs before it starts.
#pragma once

#include <string>

#include "datasets/image_set.h"

namespace digitorch {

struct PixelStatistics {
  double mean;
  double std_dev;  ///< Standard deviation, > 0; 1 where all pixels are equal.
};

/// The mean and the standard deviation of all pixels, scaled to 0..1. They are
/// exact, since they come from the counts of the 256 values.
PixelStatistics pixel_statistics(const ImageSet&);

/// The SHA-256, in hex, of pictures, labels, class names and the size of a
/// validation part that came with them. It tells whether a
/// run goes on with the data that it began with.
std::string data_digest(const ImageSet&);

}  // namespace digitorch
