#include "app/predict/predictor.h"

#include <torch/types.h>

#include <algorithm>
#include <cstddef>
#include <opencv2/core.hpp>

#include "app/evaluation/evaluation.h"
#include "datasets/image_set.h"
#include "datasets/no_digit.h"
#include "datasets/prepare.h"
#include "models/kernels/share_work.h"

namespace digitorch {
namespace {

/// All classes of one picture, the most probable first.
struct Ranking {
  const int64_t* classes;
  const double* probabilities;
  int64_t count;
};

Prediction make_prediction(
    const Ranking& ranking,
    std::optional<int64_t> no_digit,
    bool blank,
    float sure_from
) {
  Prediction prediction;
  prediction.classes.reserve(static_cast<std::size_t>(ranking.count));
  for (int64_t i = 0; i < ranking.count; ++i) {
    const auto probability = static_cast<float>(ranking.probabilities[i]);
    if (ranking.classes[i] == no_digit)
      prediction.no_digit = probability;
    else
      prediction.classes.emplace_back(ranking.classes[i], probability);
  }
  prediction.blank = blank;
  prediction.unsure = blank || ranking.classes[0] == no_digit ||
                      prediction.probability() < sure_from;
  return prediction;
}

}  // namespace

torch::Tensor to_images(
    std::span<const Preprocessed> pictures, const InputFormat& format
) {
  torch::Tensor images =
      torch::empty(format.sizes(std::ssize(pictures)), torch::kUInt8);
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    const cv::Mat& pixels = pictures[i].pixels;
    TORCH_CHECK(
        pixels.depth() == CV_8U && pixels.channels() == format.channels &&
            pixels.rows == format.height && pixels.cols == format.width,
        "a prepared picture has ",
        description(format)
    );
    images[static_cast<int64_t>(i)].copy_(to_tensor(pixels));
  }
  return to_unit_range(images);
}

std::vector<Prediction> rank(
    const torch::Tensor& logits,
    std::span<const Preprocessed> pictures,
    const RankOptions& options
) {
  // In float64, so that the probabilities of many classes still sum to 1.
  const torch::Tensor probabilities =
      logits.to(torch::kCPU, torch::kFloat64).softmax(1);
  check_answers(probabilities);
  const auto [sorted, order] =
      torch::sort(probabilities, /*stable=*/true, /*dim=*/1, true);
  std::vector<Prediction> predictions;
  predictions.reserve(pictures.size());
  for (std::size_t i = 0; i < pictures.size(); ++i)
    predictions.push_back(make_prediction(
        {order[static_cast<int64_t>(i)].const_data_ptr<int64_t>(),
         sorted[static_cast<int64_t>(i)].const_data_ptr<double>(),
         logits.size(1)},
        options.no_digit,
        pictures[i].blank,
        options.sure_from
    ));
  return predictions;
}

Predictor::Predictor(
    std::unique_ptr<Classifier> model,
    std::vector<std::string> class_names,
    const PredictorOptions& options
)
    : model_(std::move(model)),
      class_names_(std::move(class_names)),
      rank_{
          .no_digit = no_digit_class(class_names_),
          .sure_from = options.sure_from},
      options_(options) {
  TORCH_CHECK(options_.batch_size >= 1, "batch_size: at least 1");
  TORCH_CHECK(answers() >= 1, "no class to answer with");
  model_->to(options_.device);
  model_->freeze();
}

std::vector<Prediction> Predictor::predict(
    const std::vector<Preprocessed>& pictures
) {
  const c10::InferenceMode no_gradients;
  const OnThisThread threads(std::ssize(pictures) < kManyImages);
  const auto classes = static_cast<int64_t>(class_names_.size());
  const auto batch_size = static_cast<std::size_t>(options_.batch_size);
  std::vector<Prediction> predictions;
  predictions.reserve(pictures.size());
  for (std::size_t first = 0; first < pictures.size(); first += batch_size) {
    const std::size_t size = std::min(batch_size, pictures.size() - first);
    const std::span batch = std::span(pictures).subspan(first, size);
    const torch::Tensor logits =
        model_->forward(to_images(batch, input()).to(options_.device));
    TORCH_CHECK(
        logits.dim() == 2 && logits.size(1) == classes,
        "the model gives ",
        logits.sizes(),
        " logits for ",
        classes,
        " class names"
    );
    for (Prediction& prediction : rank(logits, batch, rank_))
      predictions.push_back(std::move(prediction));
  }
  return predictions;
}

}  // namespace digitorch
