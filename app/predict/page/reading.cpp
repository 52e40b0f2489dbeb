#include "app/predict/page/reading.h"

#include <algorithm>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "datasets/vision/paper.h"

namespace digitorch {
namespace {

// A component has a soft edge of one pixel for each of this many pixels of its
// height.
constexpr int kHeightPerEdge = 24;

// The component's ink with its soft edge, without that of its neighbours, and
// as bright on black as strong ink, however faint it is on the page. mask: of
// the whole page, from which the component was taken.
Preprocessed prepare(
    const cv::Mat& ink, const cv::Mat& mask, const Component& component
) {
  const int edge = std::max(1, component.box.height / kHeightPerEdge);
  const cv::Rect around = cv::Rect(
                              component.box.x - 2 * edge,
                              component.box.y - 2 * edge,
                              component.box.width + 4 * edge,
                              component.box.height + 4 * edge
                          ) &
                          cv::Rect({}, ink.size());
  cv::Mat own = cv::Mat::zeros(around.size(), CV_8U);
  component.mask.copyTo(own(component.box - around.tl()));
  cv::Mat reach;
  cv::dilate(own, reach, cv::Mat::ones(2 * edge + 1, 2 * edge + 1, CV_8U));
  reach &= ~mask(around) | own;
  cv::Mat digit;
  ink(around).convertTo(digit, CV_8U, 255.0 / full_ink(ink(around), own));
  digit.setTo(0, ~reach);
  return preprocess_ink(digit);
}

std::vector<Preprocessed> prepare_all(
    const cv::Mat& ink,
    const cv::Mat& mask,
    const std::vector<Component>& components
) {
  std::vector<Preprocessed> pictures(components.size());
  const cv::Range all(0, static_cast<int>(components.size()));
  cv::parallel_for_(all, [&](const cv::Range& part) {
    for (int i = part.start; i < part.end; ++i) {
      const auto at = static_cast<size_t>(i);
      pictures[at] = prepare(ink, mask, components[at]);
    }
  });
  return pictures;
}

}  // namespace

PageNetwork page_network(
    PictureClassifier classify, const std::vector<std::string>& class_names
) {
  const auto one = std::ranges::find(class_names, "1");
  return {
      std::move(classify),
      one == class_names.end() ? -1 : one - class_names.begin()};
}

std::vector<Reading> read_components(
    const std::vector<Component>& components,
    const cv::Mat& ink,
    const cv::Mat& mask,
    const PageNetwork& network
) {
  std::vector<Preprocessed> pictures = prepare_all(ink, mask, components);
  std::vector<Prediction> predictions = network.classify(pictures);
  std::vector<Reading> readings;
  for (size_t i = 0; i < components.size(); ++i) {
    Prediction& prediction = predictions[i];
    const bool shown = !prediction.blank;
    const float score = shown ? prediction.probability() : 0;
    const bool is_one = shown && prediction.label() == network.one;
    readings.push_back(
        {score, std::move(pictures[i]), std::move(prediction), is_one}
    );
  }
  return readings;
}

}  // namespace digitorch
