#include "app/predict/page/view.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "datasets/vision/added_paper.h"
#include "datasets/vision/grey.h"
#include "datasets/vision/morphology.h"
#include "datasets/vision/resize.h"
#include "datasets/vision/sheet.h"

namespace digitorch {
namespace {

constexpr double kWorkingPixels = 4e6;
// Longer pictures are shrunk to this: turned upright they would need far more
// pixels than they have, and OpenCV turns no side above 32767.
constexpr double kWorkingSide = 8000;

// A second look is up to thirteen views, so none has more pixels than this.
constexpr double kSecondPixels = 2e6;
// It sees large digits, such as those of signs, in a picture so much
// smaller,
constexpr double kHalf = 0.5;
// unless that has fewer pixels on its shorter side.
constexpr int kLeastSide = 60;

// It sees small writing, where shadows or hands lie across the picture, as
// strokes that are narrower than this part of its width and height.
constexpr double kThin = 0.03;
// Pens and pencils draw narrower ones than this part of its shorter side, and
// what is broader may have to be left out: hands, the rings of a notebook.
constexpr double kBroad = 0.012;

// The gaps between the segments of a display that fills its picture are
// narrower than this part of its shorter side.
constexpr double kGaps = 0.05;

// A display's frame throws shadows on its panel, no farther from its edge than
// this part of its shorter side.
constexpr double kRim = 0.045;

// Only what lies on the sheet, uint8, 255 where it is.
PageView part_of(const PageView& view, const cv::Mat& sheet) {
  const cv::Rect box = cv::boundingRect(sheet);
  return {
      without_table(view.grey(box), sheet(box)),
      in_turn(
          {1, 0, static_cast<double>(box.x), 0, 1, static_cast<double>(box.y)},
          view.to_picture
      )};
}

PageView smaller(const PageView& view, double factor) {
  return {
      scaled(view.grey, factor),
      in_turn({1 / factor, 0, 0, 0, 1 / factor, 0}, view.to_picture)};
}

PageView for_second_look(const PageView& view) {
  const double pixels = static_cast<double>(view.grey.total());
  return pixels > kSecondPixels
             ? smaller(view, std::sqrt(kSecondPixels / pixels))
             : view;
}

bool may_be_smaller(const PageView& view) {
  return kHalf * std::min(view.grey.rows, view.grey.cols) >= kLeastSide;
}

PageView inverted(const PageView& view) {
  return {255 - view.grey, view.to_picture};
}

PageView reversed(PageView view) {
  view.search.reversed = true;
  return view;
}

PageView with_joined_parts(PageView view) {
  view.gaps = kGaps;
  return view;
}

PageView of_thin_strokes(PageView view) {
  view.search.narrow = kThin;
  return view;
}

// sheet: as find_sheet() gives it. With what bites into it, as fingers and
// shadows at its edge do.
cv::Mat whole_sheet(const cv::Mat& sheet) {
  std::vector<cv::Point> all, hull;
  cv::findNonZero(sheet, all);
  cv::convexHull(all, hull);
  cv::Mat whole = cv::Mat::zeros(sheet.size(), CV_8U);
  cv::fillConvexPoly(whole, hull, cv::Scalar(255));
  return whole;
}

// The same without the rim, on which a display's frame throws shadows.
cv::Mat inner_sheet(const cv::Mat& sheet) {
  const cv::Size size = cv::boundingRect(sheet).size();
  const int rim = cvRound(kRim * std::min(size.width, size.height));
  const cv::Mat inner = eroded(sheet, rim);
  return cv::countNonZero(inner) > 0 ? inner : sheet;
}

PageView without_broad(PageView view) {
  view.broad = kBroad;
  return view;
}

}  // namespace

PageView whole_view(const cv::Mat& given) {
  const cv::Mat picture = in_full_range(given);
  const double factor = std::min(
      {1.0,
       std::sqrt(kWorkingPixels / static_cast<double>(picture.total())),
       kWorkingSide / std::max(picture.rows, picture.cols)}
  );
  // Shrunk first: a copy in full size would be tens of megabytes.
  return {
      grey_on_white(factor < 1 ? scaled(picture, factor) : picture),
      {1 / factor, 0, 0, 0, 1 / factor, 0}};
}

std::optional<PageView> sheet_view(const PageView& view) {
  const cv::Mat sheet = find_sheet(view.grey);
  if (sheet.empty()) return std::nullopt;
  return part_of(view, sheet);
}

std::vector<PageView> other_views(const PageView& whole) {
  const PageView view = for_second_look(whole);
  const PageView thin = of_thin_strokes(view);
  std::vector<PageView> views{
      thin, without_broad(thin), reversed(view), with_joined_parts(view)};
  if (const cv::Mat sheet = find_sheet(view.grey); !sheet.empty()) {
    const PageView part = part_of(view, sheet);
    const PageView inner = part_of(view, inner_sheet(sheet));
    views.push_back(reversed(part));
    views.push_back(with_joined_parts(part));
    views.push_back(part_of(view, whole_sheet(sheet)));
    views.push_back(inner);
    views.push_back(with_joined_parts(inner));
  }
  if (std::optional<PageView> panel = sheet_view(inverted(view)))
    views.push_back(*std::move(panel));
  if (may_be_smaller(view)) views.push_back(smaller(view, kHalf));
  const PageView half = may_be_smaller(view) ? views.back() : view;
  const double room = added_room(half.grey.size());
  // Long pictures would become many times as large.
  const double pixels =
      (half.grey.rows + 2 * room) * (half.grey.cols + 2 * room);
  if (pixels > kWorkingPixels) return views;
  for (const cv::Mat& padded : with_added_paper(half.grey))
    views.push_back(
        {padded, in_turn({1, 0, -room, 0, 1, -room}, half.to_picture)}
    );
  return views;
}

PageView last_view(const PageView& whole) {
  return without_broad(reversed(of_thin_strokes(for_second_look(whole))));
}

cv::Matx23d in_turn(const cv::Matx23d& first, const cv::Matx23d& second) {
  cv::Matx23d both = second.get_minor<2, 2>(0, 0) * first;
  both(0, 2) += second(0, 2);
  both(1, 2) += second(1, 2);
  return both;
}

}  // namespace digitorch
