#include "app/training/distributed/share.h"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace digitorch {

void check_shares(int64_t batch_size, int ranks) {
  const int64_t least = kLeastOfFullBatch * ranks;
  if (ranks == 1 || batch_size >= least) return;
  throw std::runtime_error(
      "--batch-size: found " + std::to_string(batch_size) + " for " +
      std::to_string(ranks) + " ranks; expected at least " +
      std::to_string(least) + ", " + std::to_string(kLeastOfFullBatch) +
      " pictures for each rank"
  );
}

Share share_of(int64_t batch, int rank, int ranks) {
  const int64_t sharers =
      std::clamp<int64_t>(batch / 2, 1, static_cast<int64_t>(ranks));
  if (rank >= sharers) return {.first = batch, .count = 0};
  const int64_t least = batch / sharers;
  const int64_t larger = batch % sharers;  // so many shares have one more
  return {
      .first = rank * least + std::min<int64_t>(rank, larger),
      .count = least + (rank < larger ? 1 : 0)};
}

}  // namespace digitorch
