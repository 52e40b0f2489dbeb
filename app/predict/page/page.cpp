#include "app/predict/page/page.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <span>
#include <utility>

#include "app/predict/page/components.h"
#include "app/predict/page/edges.h"
#include "app/predict/page/grid.h"
#include "app/predict/page/ink.h"
#include "app/predict/page/lines.h"
#include "app/predict/page/reading.h"
#include "app/predict/page/reading_order.h"
#include "app/predict/page/signs.h"
#include "app/predict/page/skew.h"
#include "app/predict/page/split.h"
#include "app/predict/page/strokes.h"
#include "app/predict/page/view.h"

namespace digitorch {
namespace {

// A sheet is only a part of what is written on if the whole picture has more
// than this many times as many digits as the sheet has. A few more may be
// components of the background that look like digits.
constexpr double kManyMore = 1.5;

// The smallest gap between two words, as a part of the height of the higher
// neighbour.
constexpr double kWordGap = 0.5;

// A page is turned a second time if its digits show this many degrees of skew
// once the ruled lines are off.
constexpr double kMinSecondSkew = 2;

// The box around the component's ink in the picture that was given. to_picture:
// from a pixel of the upright page to one of the picture.
cv::Rect box_in_picture(
    const Component& component, const cv::Matx23d& to_picture
) {
  std::vector<cv::Point> ink, hull;
  cv::findNonZero(component.mask, ink);
  cv::convexHull(ink, hull);
  std::vector<cv::Point2d> corners;
  for (const cv::Point& point : hull)
    for (int dy : {0, 1})
      for (int dx : {0, 1})
        corners.emplace_back(point + component.box.tl() + cv::Point(dx, dy));
  std::vector<cv::Point2d> there;
  cv::transform(corners, there, to_picture);
  double left = there[0].x, right = left, top = there[0].y, bottom = top;
  for (const cv::Point2d& point : there) {
    left = std::min(left, point.x);
    right = std::max(right, point.x);
    top = std::min(top, point.y);
    bottom = std::max(bottom, point.y);
  }
  return {
      cv::Point(cvRound(left), cvRound(top)),
      cv::Point(cvRound(right), cvRound(bottom))};
}

// The components of an upright page, and what they were taken from.
struct UprightPage {
  PageInk ink;    // without ruled lines and frames
  cv::Mat mask;   // uint8, 255 is ink
  Labels labels;  // of the mask
  std::vector<Component> components;
  std::vector<GridCell> grid;
};

UprightPage components_of(PageInk ink) {
  Strokes strokes = find_strokes(ink);
  Labels labels = labelled(strokes.mask);
  std::vector<Component> components = find_components(labels);
  if (strokes.ruled) drop_parts_of_rules(components);
  return {
      std::move(ink),
      strokes.mask,
      std::move(labels),
      std::move(components),
      std::move(strokes.grid)};
}

// A copy with pixels of its own, since ruled lines are taken off in place.
PageInk copy_of(const PageInk& page) {
  return {
      page.ink.clone(),
      page.mask.clone(),
      page.weak_mask.clone(),
      page.to_picture};
}

// Turns the page upright and takes ruled lines off. If no long lines show the
// skew, digits may show it better once they are free of ruled lines, and the
// page as it was given is turned once more.
UprightPage make_upright(const PageInk& given) {
  const Skew skew = find_skew(given.mask);
  UprightPage page = components_of(
      skew.degrees != 0 ? turned(given, skew.degrees) : copy_of(given)
  );
  if (skew.sharp) return page;
  const double left = find_digit_skew(page.components);
  if (std::abs(left) < kMinSecondSkew) return page;
  return components_of(turned(given, skew.degrees + left));
}

bool in_one_word(const cv::Rect& left, const cv::Rect& right) {
  return right.x - left.br().x < kWordGap * std::max(left.height, right.height);
}

// Sets word and height of a line's digits, which are numbered from `word` on.
// Returns the number of the next word. line: the same digits as components.
int set_words(const DigitLine& line, std::span<PageDigit> digits, int word) {
  const auto box = [&](size_t i) { return line[i].component.box; };
  for (size_t first = 0, last = 0; first < line.size(); first = last, ++word) {
    int highest = 0;
    do {
      highest = std::max(highest, box(last++).height);
    } while (last < line.size() && in_one_word(box(last - 1), box(last)));
    for (size_t i = first; i < last; ++i) {
      digits[i].word = word;
      digits[i].height = static_cast<double>(box(i).height) / highest;
    }
  }
  return word;
}

// Drops the edges of things. whole: all of the picture.
void drop_edges(UprightPage& page, const PageView& whole) {
  cv::Matx23d from_picture;
  cv::invertAffineTransform(whole.to_picture, from_picture);
  const cv::Matx23d to_whole = in_turn(page.ink.to_picture, from_picture);
  std::erase_if(page.components, [&](const Component& component) {
    return is_edge(whole.grey, box_in_picture(component, to_whole));
  });
}

// All digits that the ink of a view shows. bounds: of the picture that it is a
// view of.
std::vector<PageDigit> read_ink(
    const PageInk& ink,
    const cv::Rect& bounds,
    const PageView& whole,
    const PageNetwork& network
) {
  UprightPage page = make_upright(ink);
  drop_edges(page, whole);
  const ComponentReader read = [&](const std::vector<Component>& components) {
    return read_components(components, page.ink.ink, page.mask, network);
  };
  std::vector<DigitLine> lines = reading_order(
      split_lines(find_text_lines(page.components), read, page.ink.ink)
  );
  if (!has_one_line_per_cell(lines, page.grid)) page.grid.clear();
  lines = in_rows(std::move(lines), page.grid);

  const std::vector<std::vector<char>> signs = find_signs(page.labels, lines);

  std::vector<PageDigit> digits;
  int word = 0;
  for (size_t line = 0; line < lines.size(); ++line) {
    for (size_t place = 0; place < lines[line].size(); ++place) {
      auto& [component, reading] = lines[line][place];
      digits.push_back(
          {.box = box_in_picture(component, page.ink.to_picture) & bounds,
           .picture = std::move(reading.picture),
           .prediction = std::move(reading.prediction),
           .line = static_cast<int>(line),
           .place = static_cast<int>(place),
           .sign = signs[line][place]}
      );
      if (const GridCell* cell = cell_of(component, page.grid)) {
        digits.back().row = cell->row;
        digits.back().column = cell->column;
      }
    }
    const std::span<PageDigit> all = digits;
    word = set_words(lines[line], all.last(lines[line].size()), word);
  }
  return digits;
}

// All digits of what the view shows; none of a pattern.
std::vector<PageDigit> read_view(
    const PageView& view,
    const cv::Rect& bounds,
    const PageView& whole,
    const PageNetwork& network
) {
  const PageInk ink = find_page_ink(view);
  if (is_pattern(ink.mask)) return {};
  return read_ink(ink, bounds, whole, network);
}

// How many digits the network is sure of.
double count_sure(const std::vector<PageDigit>& digits) {
  return static_cast<double>(std::ranges::count_if(
      digits,
      [](const PageDigit& digit) {
        const Prediction& answer = digit.prediction;
        return !answer.blank && answer.probability() >= kSure;
      }
  ));
}

}  // namespace

PageReader::PageReader(const cv::Mat& page, PageNetwork network)
    : bounds_({}, page.size()),
      whole_(whole_view(page)),
      network_(std::move(network)) {}

std::vector<PageDigit> PageReader::read() {
  const PageInk ink = find_page_ink(whole_);
  is_pattern_ = is_pattern(ink.mask);
  std::vector<PageDigit> everywhere;
  if (!is_pattern_) everywhere = read_ink(ink, bounds_, whole_, network_);
  const std::optional<PageView> sheet = sheet_view(whole_);
  if (!sheet) return everywhere;
  std::vector<PageDigit> on_sheet =
      read_view(*sheet, bounds_, whole_, network_);
  const bool more = count_sure(everywhere) > kManyMore * count_sure(on_sheet);
  return more ? everywhere : on_sheet;
}

std::vector<std::vector<PageDigit>> PageReader::read_again() const {
  std::vector<std::vector<PageDigit>> readings;
  if (is_pattern_) return readings;
  for (const PageView& view : other_views(whole_))
    readings.push_back(read_view(view, bounds_, whole_, network_));
  return readings;
}

std::vector<PageDigit> PageReader::read_at_last() const {
  if (is_pattern_) return {};
  return read_view(last_view(whole_), bounds_, whole_, network_);
}

std::vector<PageDigit> read_page(
    const cv::Mat& page, const PageNetwork& network
) {
  return PageReader(page, network).read();
}

}  // namespace digitorch
