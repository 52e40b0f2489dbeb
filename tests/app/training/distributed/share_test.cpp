#include "app/training/distributed/share.h"

#include <gtest/gtest.h>

namespace digitorch {
namespace {

constexpr int kMostRanks = 9;
constexpr int64_t kMostPictures = 60;

TEST(ShareTest, SharesHoldEveryPictureOnceInOrder) {
  for (int ranks = 1; ranks <= kMostRanks; ++ranks)
    for (int64_t batch = 1; batch <= kMostPictures; ++batch) {
      int64_t next = 0;
      for (int rank = 0; rank < ranks; ++rank) {
        const Share share = share_of(batch, rank, ranks);
        EXPECT_EQ(share.first, next) << batch << " over " << ranks;
        next += share.count;
      }
      EXPECT_EQ(next, batch) << ranks;
    }
}

TEST(ShareTest, NoShareIsASinglePictureOfMore) {
  for (int ranks = 1; ranks <= kMostRanks; ++ranks)
    for (int64_t batch = 2; batch <= kMostPictures; ++batch)
      for (int rank = 0; rank < ranks; ++rank)
        EXPECT_NE(share_of(batch, rank, ranks).count, 1) << batch;
}

TEST(ShareTest, AShareOfAShortBatchFitsThatOfAFullOne) {
  for (int ranks = 1; ranks <= kMostRanks; ++ranks)
    for (int64_t full = kLeastOfFullBatch * ranks; full <= kMostPictures;
         ++full)
      for (int64_t batch = 1; batch < full; ++batch)
        for (int rank = 0; rank < ranks; ++rank)
          EXPECT_LE(
              share_of(batch, rank, ranks).count,
              share_of(full, rank, ranks).count
          ) << batch
            << " of " << full << " over " << ranks;
}

TEST(ShareTest, FullBatchesAreDividedEvenly) {
  EXPECT_EQ(share_of(256, 0, 2).count, 128);
  EXPECT_EQ(share_of(10, 0, 3).count, 4);
  EXPECT_EQ(share_of(10, 1, 3).count, 3);
  EXPECT_EQ(share_of(10, 2, 3).first, 7);
}

TEST(ShareTest, ASmallBatchLeavesTheLastRanksWithoutPictures) {
  EXPECT_EQ(share_of(7, 2, 4).count, 2);
  EXPECT_EQ(share_of(7, 3, 4).count, 0);
  EXPECT_EQ(share_of(1, 0, 4).count, 1);
  EXPECT_EQ(share_of(1, 1, 4).count, 0);
}

}  // namespace
}  // namespace digitorch
