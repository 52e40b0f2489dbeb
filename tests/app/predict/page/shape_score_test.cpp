// How much components look like digits by their size alone.
#include "app/predict/page/shape_score.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/app/predict/page/blocks.h"

namespace digitorch::testing {
namespace {

float score_of(int width, int height) {
  return score_shape(block(0, 0, width, height), kBlockHeight);
}

TEST(ScoreShape, IsHighestForTheUsualSizesOfDigits) {
  for (const int width : {31, 60, 85})
    for (const int height : {80, 100, 130})
      EXPECT_FLOAT_EQ(score_of(width, height), 0.9F) << width << 'x' << height;
}

TEST(ScoreShape, FallsForWideComponents) {
  EXPECT_NEAR(score_of(95, 100), 0.9 * std::exp(-0.6), 1e-6);
  EXPECT_NEAR(score_of(185, 100), 0.9 * std::exp(-6.0), 1e-6);
}

TEST(ScoreShape, FallsForLowComponents) {
  EXPECT_NEAR(score_of(60, 70), 0.9 * std::exp(-0.6), 1e-6);
  EXPECT_NEAR(score_of(95, 70), 0.9 * std::exp(-1.2), 1e-6);
}

TEST(ScoreShape, IsALittleLowerForNarrowComponentsWhichMayBeOnes) {
  EXPECT_NEAR(score_of(29, 100), 0.63, 1e-6);
}

}  // namespace
}  // namespace digitorch::testing
