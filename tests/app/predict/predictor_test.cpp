// Ranked probabilities from prepared pictures.
#include <gtest/gtest.h>
#include <torch/types.h>

#include <cmath>
#include <memory>
#include <opencv2/core.hpp>
#include <vector>

#include "app/predict/predictor.h"

namespace digitorch {
namespace {

/// Its logits are the first pixels of the picture times 10: a picture chooses
/// its own answer.
class PixelsAsLogits : public Classifier {
 public:
  explicit PixelsAsLogits(int64_t classes)
      : Classifier(InputFormat()), classes_(classes) {}

  BatchResult
  forward_backward(const torch::Tensor&, const torch::Tensor&, const LossOptions&)
      override {
    throw std::logic_error("not to be trained");
  }
  NamedTensors parameters() const override { return {}; }
  std::vector<torch::Tensor> gradients() const override { return {}; }
  NamedTensors buffers() const override { return {}; }
  void train(bool on) override { training = on; }
  void to(torch::Device) override {}

  bool training = true;
  std::vector<int64_t> batch_sizes;

 private:
  torch::Tensor compute(const torch::Tensor& images, const LayerTap&) override {
    EXPECT_FALSE(torch::GradMode::is_enabled());
    EXPECT_FALSE(training);
    EXPECT_EQ(images.scalar_type(), torch::kFloat32);
    batch_sizes.push_back(images.size(0));
    return images.flatten(1).narrow(1, 0, classes_) * 10;
  }

  int64_t classes_;
};

Preprocessed picture(const std::vector<uint8_t>& first_pixels) {
  Preprocessed prepared;
  prepared.pixels = cv::Mat::zeros(28, 28, CV_8UC1);
  for (std::size_t i = 0; i < first_pixels.size(); ++i)
    prepared.pixels.at<uint8_t>(0, static_cast<int>(i)) = first_pixels[i];
  return prepared;
}

Predictor predictor_of(int64_t classes, const PredictorOptions& options = {}) {
  return Predictor(
      std::make_unique<PixelsAsLogits>(classes),
      std::vector<std::string>(static_cast<std::size_t>(classes), "name"),
      options
  );
}

TEST(Predictor, RanksClassesByExactSoftmax) {
  Predictor predictor = predictor_of(3);
  // Logits 0, 10 and 2.
  const std::vector<Prediction> all =
      predictor.predict({picture({0, 255, 51})});
  ASSERT_EQ(all.size(), 1U);
  const auto& classes = all[0].classes;
  ASSERT_EQ(classes.size(), 3U);
  const double sum = std::exp(0.0) + std::exp(10.0) + std::exp(2.0);
  EXPECT_EQ(classes[0].first, 1);
  EXPECT_EQ(classes[1].first, 2);
  EXPECT_EQ(classes[2].first, 0);
  EXPECT_NEAR(classes[0].second, std::exp(10.0) / sum, 1e-6);
  EXPECT_NEAR(classes[1].second, std::exp(2.0) / sum, 1e-9);
  EXPECT_NEAR(classes[2].second, 1 / sum, 1e-9);
  EXPECT_FALSE(all[0].unsure);
  EXPECT_FALSE(all[0].blank);
}

TEST(Predictor, EqualClassesKeepTheirOrderAndSumToOne) {
  Predictor predictor = predictor_of(200);
  const Prediction even = predictor.predict({picture({})})[0];
  double sum = 0;
  for (std::size_t i = 0; i < even.classes.size(); ++i) {
    EXPECT_EQ(even.classes[i].first, static_cast<int64_t>(i));
    EXPECT_FLOAT_EQ(even.classes[i].second, 0.005F);
    sum += even.classes[i].second;
  }
  EXPECT_NEAR(sum, 1, 1e-6);
  EXPECT_TRUE(even.unsure);
}

TEST(Predictor, UnsureBeginsBelowTheThreshold) {
  // Equal logits of two classes: the best probability is exactly one half.
  EXPECT_FALSE(predictor_of(2).predict({picture({})})[0].unsure);
  PredictorOptions strict;
  strict.sure_from = 0.51F;
  EXPECT_TRUE(predictor_of(2, strict).predict({picture({})})[0].unsure);
}

TEST(Predictor, BlankIsUnsureHoweverProbable) {
  Preprocessed blank = picture({255});
  blank.blank = true;
  const Prediction answer = predictor_of(2).predict({blank})[0];
  EXPECT_GT(answer.probability(), 0.99F);
  EXPECT_TRUE(answer.blank);
  EXPECT_TRUE(answer.unsure);
}

TEST(Predictor, TheReservedClassIsNeverTheAnswerButMakesItUnsure) {
  PredictorOptions always_sure;
  always_sure.sure_from = 0;
  Predictor predictor(
      std::make_unique<PixelsAsLogits>(3), {"0", "1", "no-digit"}, always_sure
  );
  // Logits 2, 0 and 10; then 10, 0 and 2.
  const std::vector<Prediction> all =
      predictor.predict({picture({51, 0, 255}), picture({255, 0, 51})});
  const double sum = std::exp(0.0) + std::exp(10.0) + std::exp(2.0);
  EXPECT_TRUE(all[0].unsure);
  EXPECT_FALSE(all[0].blank);
  ASSERT_EQ(all[0].classes.size(), 2U);
  EXPECT_EQ(all[0].label(), 0);
  EXPECT_NEAR(all[0].probability(), std::exp(2.0) / sum, 1e-9);
  EXPECT_NEAR(all[0].no_digit, std::exp(10.0) / sum, 1e-6);
  EXPECT_FALSE(all[1].unsure);
  EXPECT_EQ(all[1].label(), 0);
  EXPECT_NEAR(all[1].no_digit, std::exp(2.0) / sum, 1e-9);
}

TEST(Predictor, TheReservedClassAloneIsNothingToAnswerWith) {
  EXPECT_THROW(
      Predictor(std::make_unique<PixelsAsLogits>(1), {"no-digit"}), c10::Error
  );
}

TEST(Predictor, BatchesKeepTheOrderAndTheLastIsShort) {
  PredictorOptions options;
  options.batch_size = 4;
  auto model = std::make_unique<PixelsAsLogits>(3);
  const PixelsAsLogits& seen = *model;
  Predictor predictor(std::move(model), {"a", "b", "c"}, options);
  std::vector<Preprocessed> pictures;
  for (int i = 0; i < 10; ++i) {
    std::vector<uint8_t> pixels(3, 0);
    pixels[static_cast<std::size_t>(i % 3)] = 255;
    pictures.push_back(picture(pixels));
  }
  const std::vector<Prediction> all = predictor.predict(pictures);
  ASSERT_EQ(all.size(), 10U);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(all[i].label(), i % 3) << i;
  EXPECT_EQ(seen.batch_sizes, (std::vector<int64_t>{4, 4, 2}));
}

TEST(Predictor, NothingGivesNothing) {
  EXPECT_TRUE(predictor_of(2).predict({}).empty());
}

TEST(Predictor, PartOfALargerPictureIsReadRowByRow) {
  Preprocessed prepared;
  const cv::Mat large = cv::Mat::zeros(40, 40, CV_8UC1);
  prepared.pixels = large(cv::Rect(5, 5, 28, 28));
  prepared.pixels.at<uint8_t>(0, 2) = 255;
  EXPECT_EQ(predictor_of(3).predict({prepared})[0].label(), 2);
}

TEST(Predictor, WrongShapesAreProgrammingErrors) {
  Preprocessed small = picture({});
  small.pixels = cv::Mat::zeros(27, 28, CV_8UC1);
  EXPECT_THROW(predictor_of(2).predict({small}), c10::Error);
  Predictor names(std::make_unique<PixelsAsLogits>(3), {"only one"});
  EXPECT_THROW(names.predict({picture({})}), c10::Error);
}

}  // namespace
}  // namespace digitorch
