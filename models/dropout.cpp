#include "models/dropout.h"

#include <ATen/Parallel.h>
#include <ATen/core/PhiloxRNGEngine.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace digitorch {
namespace {

// Elements that one sequence of random numbers serves.
constexpr int64_t kPiece = 4096;

// Enough to pass every test of BigCrush (Salmon and others, "Parallel random
// numbers: as easy as 1, 2, 3", 2011); the engine's default of 10 is for
// safety.
constexpr int32_t kRounds = 7;

constexpr double kLevels = 65536;  // each number decides about two elements

/// Elements that are 0 with the probability, otherwise `kept`.
torch::Tensor random_mask(
    const torch::Tensor& like, double probability, float kept
) {
  const torch::Tensor mask =
      torch::empty(like.sizes(), like.options().dtype(torch::kFloat32));
  const auto seed = static_cast<uint64_t>(
      torch::randint(std::numeric_limits<int64_t>::max(), {1}, torch::kInt64)
          .item<int64_t>()
  );
  const auto threshold =
      static_cast<uint32_t>(std::lround(probability * kLevels));
  auto* elements = mask.mutable_data_ptr<float>();
  const int64_t size = mask.numel();
  const int64_t pieces = (size + kPiece - 1) / kPiece;
  at::parallel_for(0, pieces, 1, [&](int64_t first, int64_t last) {
    for (int64_t piece = first; piece < last; ++piece) {
      at::Philox4_32 random(seed, static_cast<uint64_t>(piece));
      const int64_t end = std::min(size, (piece + 1) * kPiece);
      for (int64_t i = piece * kPiece; i < end; i += 2) {
        const uint32_t drawn = random(kRounds);
        elements[i] = (drawn & 0xFFFF) < threshold ? 0 : kept;
        if (i + 1 < end) elements[i + 1] = (drawn >> 16) < threshold ? 0 : kept;
      }
    }
  });
  return mask;
}

}  // namespace

torch::Tensor dropout(
    const torch::Tensor& x, double probability, bool training
) {
  if (!training || probability == 0) return x;
  if (!x.is_cpu()) return torch::dropout(x, probability, training);
  const auto kept = static_cast<float>(1 / (1 - probability));
  return x * random_mask(x, probability, kept);
}

}  // namespace digitorch
