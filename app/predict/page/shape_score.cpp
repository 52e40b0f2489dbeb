#include "app/predict/page/shape_score.h"

#include <cmath>

namespace digitorch {
namespace {

constexpr double kUsualScore = 0.9;

// As parts of the usual height of digits: wider, lower and narrower components
// are digits less often.
constexpr double kMaxWidth = 0.85;
constexpr double kMinHeight = 0.8;
constexpr double kMinWidth = 0.3;

// The score falls by this power of e for each height of digits that a component
// is too wide or too low,
constexpr double kFall = 6;
// and by this factor if it is too narrow, since a 1 is.
constexpr double kNarrow = 0.7;

}  // namespace

float score_shape(const Component& component, int height) {
  const double width = static_cast<double>(component.box.width) / height;
  const double tall = static_cast<double>(component.box.height) / height;
  double score = kUsualScore;
  if (width > kMaxWidth) score *= std::exp(-kFall * (width - kMaxWidth));
  if (tall < kMinHeight) score *= std::exp(-kFall * (kMinHeight - tall));
  if (width < kMinWidth) score *= kNarrow;
  return static_cast<float>(score);
}

}  // namespace digitorch
