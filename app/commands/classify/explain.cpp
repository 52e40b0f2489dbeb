#include "app/commands/classify/explain.h"

#include <algorithm>
#include <optional>
#include <stdexcept>

#include "app/cli/option_groups.h"
#include "app/commands/classify/answer.h"
#include "app/commands/classify/first_page.h"
#include "app/evaluation/examine.h"
#include "app/predict/second_look.h"
#include "app/report/drawing/png.h"
#include "app/report/drawing/svg.h"
#include "app/report/pictures/explanation.h"
#include "app/report/pictures/tensor_values.h"
#include "app/system/memory.h"
#include "app/system/text.h"
#include "datasets/prepare.h"
#include "datasets/vision/resize.h"

namespace digitorch {
namespace {

constexpr std::size_t kAnswersShown = 3;
constexpr int64_t kNearestShown = 8;

// The number of training pictures to compare with, which takes half a second.
constexpr int64_t kCompared = 3000;

// The activations of larger batches leave the CPU's cache: with the shipped
// network, batches of 1,000 take three times as long.
constexpr int64_t kComparedAtOnce = 50;

/// What is shown of a plain picture: grey or BGR, without transparency.
cv::Mat shown_picture(const cv::Mat& picture) {
  constexpr int kLargest = 1024;
  const cv::Mat small = shrunk(picture, kLargest);
  return prepare(
             small,
             {"plain", picture.channels() == 1 ? 1 : 3, small.rows, small.cols}
  )
      .pixels;
}

std::string title_of(
    const std::string& name, const std::string& label, const Prediction& answer
) {
  const std::string start = escape_control(name) + ": ";
  if (answer.blank) return start + "blank";
  if (is_no_digit(answer))
    return start + "not a digit (" + percent(answer.no_digit) + ")";
  return start + (answer.unsure ? "unsure, perhaps " : "") + label + " (" +
         percent(answer.probability()) + ")";
}

/// The most probable classes with their probabilities, in falling order: "no
/// digit" among them where it is likelier than the last of them.
std::vector<std::pair<std::string, double>> answers_shown(
    const Prediction& answer, const std::vector<std::string>& class_names
) {
  std::vector<std::pair<std::string, double>> shown;
  for (const auto& [label, probability] : answer.classes)
    if (shown.size() < kAnswersShown)
      shown.emplace_back(class_names[static_cast<size_t>(label)], probability);
  if (answer.no_digit <= shown.back().second) return shown;
  const auto place =
      std::find_if(shown.begin(), shown.end(), [&](const auto& each) {
        return each.second < answer.no_digit;
      });
  shown.insert(place, {"no digit", answer.no_digit});
  return shown;
}

std::optional<ImageSet> training_images(const ExplainOutput& output) {
  try {
    DataSet data = load_data(output.data);
    print_warnings(data.warnings);
    return std::move(data.train);
  } catch (const std::runtime_error& error) {
    if (!output.quiet)
      print_notes({std::string("no training pictures shown: ") + error.what()});
    return std::nullopt;
  }
}

std::vector<CaptionedImage> nearest_images(
    Classifier& model, const torch::Tensor& image, const ImageSet& images
) {
  keep_freed_memory();
  const int64_t count = std::min(kCompared, images.size());
  const ImageSet some = images.range(0, count);
  std::vector<CaptionedImage> shown;
  for (const int64_t i :
       nearest(model, image, some.images, kNearestShown, kComparedAtOnce)) {
    const auto label = static_cast<size_t>(some.labels[i].item<int64_t>());
    shown.push_back(
        {pixel_picture(some.images[i], some.format().is_ink()),
         {"is " + some.class_names[label]}}
    );
  }
  return shown;
}

}  // namespace

void explain(
    const std::filesystem::path& picture,
    Predictor& predictor,
    const ExplainOutput& output
) {
  const cv::Mat image = read_first_page({picture}).pixels;
  const InputFormat& input = predictor.input();
  const auto [sight, prepared, answer] = see_digit(
      image, input, [&](const auto& looks) { return predictor.predict(looks); }
  );
  const torch::Tensor pixels = to_tensor(prepared.pixels);
  const std::vector<std::string>& names = predictor.class_names();
  const auto name = [&](int64_t label) {
    return names[static_cast<size_t>(label)];
  };

  Explanation shown{
      .title =
          title_of(picture.filename().string(), name(answer.label()), answer),
      .photo = input.is_ink() ? sight.grey : shown_picture(image),
      .ink = sight.ink,
      .picture = pixel_picture(pixels, input.is_ink()),
      .saliency =
          values_of<float>(saliency(predictor.network(), pixels, answer.label())
          ),
      .answers = answers_shown(answer, names)};
  if (const std::optional<ImageSet> images = training_images(output))
    shown.nearest = nearest_images(predictor.network(), pixels, *images);
  const Drawing sheet = draw_explanation(shown);
  write_output(
      output.sheet,
      output.sheet.path.extension() == ".svg" ? to_svg(sheet) : to_png(sheet)
  );
}

}  // namespace digitorch
