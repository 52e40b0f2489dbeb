// Pictures that a network learns in seconds, for tests that must not need
// MNIST.
#pragma once

#include <torch/types.h>
#include <torch/utils.h>

#include <cstdint>
#include <string>
#include <vector>

#include "datasets/generator.h"
#include "datasets/image_set.h"

namespace digitorch::testing {

/// Class c is a bright bar in a row of its own, jittered, on weak noise;
/// classes take turns. The same seed gives the same pictures.
inline ImageSet synthetic_digits(int64_t size, int64_t classes, uint64_t seed) {
  torch::manual_seed(seed);
  auto images = torch::randint(0, 40, {size, 1, kImageSide, kImageSide});
  const auto jitter = torch::randint(0, 6, {size});
  const auto labels = torch::arange(size) % classes;
  for (int64_t i = 0; i < size; ++i) {
    const int64_t row = 2 + 24 * labels[i].item<int64_t>() / classes;
    const int64_t left = 3 + jitter[i].item<int64_t>();
    images[i][0].narrow(0, row, 2).narrow(1, left, 16).fill_(230);
  }
  std::vector<std::string> names;
  for (int64_t c = 0; c < classes; ++c) names.push_back(std::to_string(c));
  return {images.to(torch::kUInt8), labels, names};
}

/// Float noise [count, 1, 28, 28] in 0..1, the same at each call.
inline torch::Tensor noise_images(int64_t count) {
  return torch::rand({count, 1, kImageSide, kImageSide}, make_generator(1));
}

}  // namespace digitorch::testing
