#include "app/commands/train/preparation.h"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

#include "app/predict/model_file.h"
#include "datasets/digit/preprocess.h"
#include "datasets/named_sets.h"

namespace digitorch {
namespace {

/// Printed digits of ten classes, prepared as `classify` does.
ImageSet printed_digits() {
  ImageSet set{.class_names = numbered_classes(10)};
  std::vector<torch::Tensor> images;
  std::vector<int64_t> labels;
  for (int thickness : {4, 6, 8})
    for (int digit = 0; digit < 10; ++digit) {
      cv::Mat picture(120, 120, CV_8U, cv::Scalar(255));
      cv::putText(
          picture,
          std::to_string(digit),
          {30, 95},
          cv::FONT_HERSHEY_DUPLEX,
          3,
          cv::Scalar(0),
          thickness,
          cv::LINE_AA
      );
      const cv::Mat pixels = preprocess(picture).pixels;
      images.push_back(
          torch::from_blob(
              pixels.data, {1, kImageSide, kImageSide}, torch::kUInt8
          )
              .clone()
      );
      labels.push_back(digit);
    }
  set.images = torch::stack(images);
  set.labels = torch::tensor(labels, torch::kInt64);
  return set;
}

TEST(PreparationTest, WarnsOfDigitsThatLieOnTheirSide) {
  const LoadedCheckpoint shipped = load_checkpoint("");
  ImageSet set = printed_digits();
  EXPECT_TRUE(preparation_warnings(*shipped.classifier, set).empty());
  set.images = set.images.transpose(2, 3).contiguous();
  const auto warnings = preparation_warnings(*shipped.classifier, set);
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_TRUE(warnings.front().starts_with("the pictures lie on their side"));
  set.class_names.front() = "zero";
  EXPECT_TRUE(preparation_warnings(*shipped.classifier, set).empty());
}

}  // namespace
}  // namespace digitorch
