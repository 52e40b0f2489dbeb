#include "app/predict/second_look.h"

#include <utility>
#include <vector>

#include "datasets/digit/second_look.h"
#include "datasets/prepare.h"

namespace digitorch {
namespace {

// Answers of a higher probability are hardly ever wrong: on validation digits
// cropped to their ink, more second looks change nothing.
constexpr float kSureAtFirst = 0.99F;

// Whether the first answer is surer than the second.
bool is_surer(const Prediction& a, const Prediction& b) {
  if (a.blank || b.blank) return !a.blank && b.blank;
  if (a.unsure != b.unsure) return b.unsure;
  return a.probability() > b.probability();
}

}  // namespace

bool is_doubtful(const Prediction& answer, const InputFormat& format) {
  return format.is_ink() &&
         (answer.blank || answer.unsure || answer.probability() < kSureAtFirst);
}

SeenDigit look_again(
    SeenDigit first, const cv::Mat& image, const PictureClassifier& classify
) {
  std::vector<Sight> sights = other_looks(image);
  std::vector<Preprocessed> pictures;
  for (const Sight& sight : sights) pictures.push_back(preprocess(sight));
  if (pictures.empty()) return first;
  std::vector<Prediction> answers = classify(pictures);
  SeenDigit best = std::move(first);
  for (std::size_t i = 0; i < answers.size(); ++i)
    if (is_surer(answers[i], best.prediction))
      best = {std::move(sights[i]), pictures[i], std::move(answers[i])};
  return best;
}

SeenDigit first_look(const cv::Mat& image, const InputFormat& format) {
  if (!format.is_ink()) return {.picture = prepare(image, format)};
  SeenDigit first{.sight = look_at(image)};
  first.picture = preprocess(first.sight);
  return first;
}

SeenDigit see_digit(
    const cv::Mat& image,
    const InputFormat& format,
    const PictureClassifier& classify
) {
  SeenDigit first = first_look(image, format);
  first.prediction = classify({first.picture}).front();
  if (!is_doubtful(first.prediction, format)) return first;
  return look_again(std::move(first), image, classify);
}

}  // namespace digitorch
