#include "app/predict/page/shape_score.h"

#include <cmath>

namespace digitorch {
namespace {

constexpr double kUsualShapeScore = 0.9;

// Components that are wider, lower or narrower than these parts of the usual
// height of digits are digits less often.
constexpr double kWideFrom = 0.85;
constexpr double kLowBelow = 0.8;
constexpr double kNarrowBelow = 0.3;

// The score falls by this power of e for each height of digits by which a
// component is too wide or too low.
constexpr double kFall = 6;
// Factor of the score of narrow components, which may be a 1.
constexpr double kNarrowFactor = 0.7;

}  // namespace

float score_shape(const Component& component, int height) {
  const double width = static_cast<double>(component.box.width) / height;
  const double tall = static_cast<double>(component.box.height) / height;
  double score = kUsualShapeScore;
  if (width > kWideFrom) score *= std::exp(-kFall * (width - kWideFrom));
  if (tall < kLowBelow) score *= std::exp(-kFall * (kLowBelow - tall));
  if (width < kNarrowBelow) score *= kNarrowFactor;
  return static_cast<float>(score);
}

}  // namespace digitorch
