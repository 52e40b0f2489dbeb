// What a run has to know of its training pictures before it starts.
#pragma once

#include <string>

#include "datasets/image_set.h"

namespace digitorch {

struct PixelStatistics {
  double mean;
  double deviation;  ///< > 0; 1 where all pixels are equal.
};

/// Mean and standard deviation of all pixels in 0..1. Exact: from the counts of
/// the 256 values.
PixelStatistics pixel_statistics(const ImageSet&);

/// SHA-256, in hex, over pictures, labels and class names: tells whether a run
/// goes on with the data it began with.
std::string data_digest(const ImageSet&);

}  // namespace digitorch
