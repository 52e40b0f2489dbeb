// Which answer counts where there are several looks at a picture.
#include "app/predict/second_look.h"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

namespace digitorch {
namespace {

cv::Mat bar() {
  cv::Mat image(100, 60, CV_8U, cv::Scalar(255));
  cv::rectangle(image, cv::Rect(25, 10, 10, 80), 0, cv::FILLED);
  return image;
}

Prediction answer(int64_t label, float probability, bool unsure = false) {
  return {.classes = {{label, probability}}, .unsure = unsure};
}

// Answers the first look with the first answer and the others with the second.
SeenDigit seen(
    const Prediction& first, const Prediction& other, int* calls = nullptr
) {
  int count = 0;
  const SeenDigit digit =
      see_digit(bar(), InputFormat(), [&](const auto& pictures) {
        const Prediction& each = count++ == 0 ? first : other;
        return std::vector<Prediction>(pictures.size(), each);
      });
  if (calls != nullptr) *calls = count;
  return digit;
}

TEST(SecondLook, IsTakenAtDoubtfulAnswersAlone) {
  int calls = 0;
  EXPECT_EQ(
      seen(answer(1, 0.995F), answer(2, 1), &calls).prediction.label(), 1
  );
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(seen(answer(1, 0.9F), answer(2, 1), &calls).prediction.label(), 2);
  EXPECT_EQ(calls, 2);
}

TEST(SecondLook, TheSurerAnswerCounts) {
  EXPECT_EQ(seen(answer(1, 0.9F), answer(2, 0.8F)).prediction.label(), 1);
  EXPECT_EQ(seen(answer(1, 0.9F, true), answer(2, 0.8F)).prediction.label(), 2);
  Prediction blank = answer(1, 0.999F, true);
  blank.blank = true;
  EXPECT_EQ(seen(blank, answer(2, 0.3F, true)).prediction.label(), 2);
  EXPECT_EQ(seen(answer(2, 0.3F, true), blank).prediction.label(), 2);
}

}  // namespace
}  // namespace digitorch
