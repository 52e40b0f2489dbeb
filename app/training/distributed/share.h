// Which part of a batch each rank computes.
#pragma once

#include <cstdint>

namespace digitorch {

struct Share {
  int64_t first = 0;  ///< The position of its first picture in the batch.
  int64_t count = 0;
};

/// How many pictures of a full batch each rank needs at least, so that a short
/// batch can be divided as share_of() says.
inline constexpr int64_t kLeastOfFullBatch = 3;

/// Throws std::runtime_error where there are several ranks and --batch-size has
/// fewer pictures for each.
void check_shares(int64_t batch_size, int ranks);

/// The share that rank `rank` of `ranks` has in a batch. The shares are
/// neighbours in the order of ranks, as equal as they can be, the larger ones
/// first. A batch of two or more pictures has no share of a single one, from
/// which batch norm cannot learn: the last ranks have an empty share then. A
/// rank's share of a batch is never larger than that of a larger batch, if the
/// latter has kLeastOfFullBatch pictures for each rank.
Share share_of(int64_t batch, int rank, int ranks);

}  // namespace digitorch
