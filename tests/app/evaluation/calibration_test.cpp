#include "app/evaluation/calibration.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/app/evaluation/four_pictures.h"

namespace digitorch {
namespace {

using testing::four_pictures;

TEST(CalibrationTest, BinsHoldMeansAndTheErrorIsTheirMeanDistance) {
  const Calibration result = calibration(four_pictures(), 4);
  ASSERT_EQ(result.bins.size(), 4);
  // 0.75 and twice 0.625 lie in (0.5, 0.75], where one of three is right.
  const CalibrationBin& third = result.bins[2];
  EXPECT_EQ(third.min, 0.5);
  EXPECT_EQ(third.max, 0.75);
  EXPECT_EQ(third.samples, 3);
  EXPECT_DOUBLE_EQ(third.confidence, 2.0 / 3);
  EXPECT_DOUBLE_EQ(third.accuracy, 1.0 / 3);
  EXPECT_EQ(result.bins[3].samples, 1);
  EXPECT_EQ(result.bins[3].confidence, 1);
  EXPECT_EQ(result.bins[3].accuracy, 1);
  EXPECT_EQ(result.bins[0].samples + result.bins[1].samples, 0);
  EXPECT_EQ(result.bins[0].accuracy, 0);
  EXPECT_DOUBLE_EQ(result.expected_error, 0.25);  // 3/4 of 1/3
}

TEST(CalibrationTest, AProbabilityThatIsNoNumberHasNoBin) {
  Evaluation evaluation = four_pictures();
  evaluation.probabilities =
      torch::full({4, 2}, std::numeric_limits<float>::quiet_NaN());
  EXPECT_THROW(calibration(evaluation), c10::Error);
}

TEST(CalibrationTest, AProbabilityRoundedAboveOneIsInTheLastBin) {
  Evaluation evaluation = four_pictures();
  evaluation.probabilities = torch::tensor({1.0000001F, 0.F}).repeat({4, 1});
  EXPECT_EQ(calibration(evaluation).bins.back().samples, 4);
}

}  // namespace
}  // namespace digitorch
