#include "app/predict/page/page.h"

#include <algorithm>
#include <cmath>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <span>
#include <utility>

#include "app/predict/page/components.h"
#include "app/predict/page/ink.h"
#include "app/predict/page/lines.h"
#include "app/predict/page/split.h"
#include "app/predict/page/strokes.h"
#include "app/predict/page/view.h"
#include "datasets/vision/histogram.h"

namespace digitorch {
namespace {

// So much of a digit's ink is no stronger than what is shown as full.
constexpr double kFullInk = 0.9;

// A table's grain may look like some digits more than its sheet has. Where it
// is so many times as many, the sheet is only a part of what is written on.
constexpr double kManyMore = 1.5;
constexpr float kLooksLikeOne = 0.8F;

// Between words, beside the higher neighbour.
constexpr double kWordGap = 0.5;

// The component's ink with its soft edge, bright on black however faint it is
// on the page, and nothing of its neighbours'. mask: of the whole page.
Preprocessed prepare(
    const cv::Mat& ink, const cv::Mat& mask, const Component& component
) {
  const int edge = std::max(1, component.box.height / 24);
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
  ink(around).convertTo(digit, CV_32F);
  const float full = quantile(digit, own, kFullInk);
  digit.convertTo(digit, CV_8U, 255 / std::max(full, 1.0F));
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

// Around the component's ink in the picture that the page was.
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
      cv::Point(cvFloor(left + 0.3), cvFloor(top + 0.3)),
      cv::Point(cvCeil(right - 0.3), cvCeil(bottom - 0.3))};
}

// Takes rules off the page and returns its components, of which `mask` is made.
std::vector<Component> pieces_of(PageInk& page, cv::Mat& mask) {
  const Strokes strokes = find_strokes(page);
  mask = strokes.mask;
  std::vector<Component> components = find_components(mask);
  if (strokes.ruled) drop_parts_of_rules(components);
  return components;
}

// Turns the page upright and returns its components. Where no long lines show
// how it lies, what rules hid is seen only when they are off, so a second look
// may follow.
std::vector<Component> make_upright(PageInk& page, cv::Mat& mask) {
  constexpr double kEnough = 2;  // degrees
  PageInk given = page;
  given.ink = page.ink.clone();  // since rules are taken off the page's own
  const Skew skew = find_skew(page.mask);
  if (skew.degrees != 0) page = turned(given, skew.degrees);
  std::vector<Component> components = pieces_of(page, mask);
  if (skew.sharp) return components;
  const double left = find_digit_skew(components);
  if (std::abs(left) < kEnough) return components;
  page = turned(given, skew.degrees + left);
  return pieces_of(page, mask);
}

bool in_one_word(const cv::Rect& left, const cv::Rect& right) {
  return right.x - left.br().x < kWordGap * std::max(left.height, right.height);
}

// Numbers the line's words, from `word` on, in `digits`, which are made of its
// components. Returns the next number.
int tell_words(const TextLine& line, std::span<PageDigit> digits, int word) {
  for (size_t first = 0, last = 0; first < line.size(); first = last, ++word) {
    int highest = 0;
    do {
      highest = std::max(highest, line[last++].box.height);
    } while (last < line.size() &&
             in_one_word(line[last - 1].box, line[last].box));
    for (size_t i = first; i < last; ++i) {
      digits[i].word = word;
      digits[i].height = static_cast<double>(line[i].box.height) / highest;
    }
  }
  return word;
}

// All digits of what the view shows. bounds: of the picture that it is of.
std::vector<PageDigit> read_view(
    const PageView& view, const cv::Rect& bounds, const DigitScore& score
) {
  PageInk page = find_page_ink(view);
  cv::Mat mask;
  const std::vector<Component> components = make_upright(page, mask);
  const int height = usual_height(components);
  const ComponentScore score_pieces = [&](const std::vector<Component>& asked) {
    std::vector<float> scores;
    if (score == nullptr) {
      for (const Component& component : asked)
        scores.push_back(score_shape(component, height));
      return scores;
    }
    return score(prepare_all(page.ink, mask, asked));
  };
  const std::vector<TextLine> lines =
      reading_order(split_lines(find_text_lines(components), score_pieces));

  std::vector<PageDigit> digits;
  std::vector<Component> found;
  int word = 0;
  for (size_t line = 0; line < lines.size(); ++line) {
    for (size_t place = 0; place < lines[line].size(); ++place) {
      found.push_back(lines[line][place]);
      digits.push_back(
          {.box = box_in_picture(found.back(), page.to_picture) & bounds,
           .picture = {},
           .line = static_cast<int>(line),
           .place = static_cast<int>(place)}
      );
    }
    const std::span<PageDigit> all = digits;
    word = tell_words(lines[line], all.last(lines[line].size()), word);
  }
  std::vector<Preprocessed> pictures = prepare_all(page.ink, mask, found);
  for (size_t i = 0; i < digits.size(); ++i)
    digits[i].picture = std::move(pictures[i]);
  return digits;
}

// How many of them look like digits; all, where there is nobody to ask.
double count_sure(
    const std::vector<PageDigit>& digits, const DigitScore& score
) {
  std::vector<Preprocessed> pictures;
  for (const PageDigit& digit : digits) pictures.push_back(digit.picture);
  std::vector<float> scores(digits.size(), 1);
  if (score != nullptr) scores = score(pictures);
  return static_cast<double>(std::count_if(
      scores.begin(),
      scores.end(),
      [](float value) { return value >= kLooksLikeOne; }
  ));
}

}  // namespace

std::vector<PageDigit> read_page(
    const cv::Mat& picture, const DigitScore& score
) {
  const cv::Rect bounds({}, picture.size());
  const PageView view = whole_view(picture);
  std::vector<PageDigit> everywhere = read_view(view, bounds, score);
  const std::optional<PageView> sheet = sheet_view(view);
  if (!sheet) return everywhere;
  std::vector<PageDigit> on_sheet = read_view(*sheet, bounds, score);
  const bool more =
      count_sure(everywhere, score) > kManyMore * count_sure(on_sheet, score);
  return more ? everywhere : on_sheet;
}

}  // namespace digitorch
