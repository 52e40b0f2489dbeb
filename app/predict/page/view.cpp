#include "app/predict/page/view.h"

#include <algorithm>
#include <cmath>

#include "datasets/vision/grey.h"
#include "datasets/vision/resize.h"
#include "datasets/vision/sheet.h"

namespace digitorch {
namespace {

constexpr double kWorkingPixels = 4e6;

}  // namespace

PageView whole_view(const cv::Mat& picture) {
  const double factor = std::min(
      1.0, std::sqrt(kWorkingPixels / static_cast<double>(picture.total()))
  );
  // Shrunk first: a copy in full size would be tens of megabytes.
  return {
      grey_on_white(factor < 1 ? scaled(picture, factor) : picture),
      {1 / factor, 0, 0, 0, 1 / factor, 0}};
}

std::optional<PageView> sheet_view(const PageView& view) {
  const cv::Mat sheet = find_sheet(view.grey);
  if (sheet.empty()) return std::nullopt;
  const cv::Rect box = cv::boundingRect(sheet);
  return PageView{
      without_table(view.grey(box), sheet(box)),
      in_turn(
          {1, 0, static_cast<double>(box.x), 0, 1, static_cast<double>(box.y)},
          view.to_picture
      )};
}

cv::Matx23d in_turn(const cv::Matx23d& first, const cv::Matx23d& second) {
  cv::Matx23d both = second.get_minor<2, 2>(0, 0) * first;
  both(0, 2) += second(0, 2);
  both(1, 2) += second(1, 2);
  return both;
}

}  // namespace digitorch
