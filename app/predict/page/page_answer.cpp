#include "app/predict/page/page_answer.h"

#include <algorithm>
#include <utility>

#include "app/predict/page/numbers.h"
#include "app/predict/page/page.h"

namespace digitorch {

namespace {

// A page is read again if no more of its digits than this are sure,
constexpr int kHardlyAny = 2;
// or if more than this part of its digits
constexpr double kMostDoubtful = 0.15;
// are less probable than this,
constexpr float kDoubtfulBelow = 0.9F;
// unless there are more components than this that could be digits.
constexpr int kMostComponents = 100;

// How much worse a wrong digit is than a right one is good, where readings are
// compared,
constexpr double kWorse = 4;
// and how bad a digit is at most: an unsure one is marked as such.
constexpr double kWorst = 0.5;
// Where the best reading is no better than this, one sure digit, a last one is
// worth it.
constexpr double kHardlyOne = 1;
// Every stroke looks like a 1, so a right one counts this part of any other.
constexpr double kPartOfOne = 0.25;

// Those of the page's components that are digits.
std::vector<ReadDigit> digits_among(
    const std::vector<PageDigit>& found,
    const std::vector<std::string>& class_names
) {
  const std::vector<bool> chosen = read_as_digits(found, class_names);
  std::vector<ReadDigit> digits;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!chosen[i]) continue;
    const Prediction& answer = found[i].prediction;
    digits.push_back(
        {found[i].box,
         found[i].line,
         found[i].place,
         found[i].word,
         class_names[static_cast<std::size_t>(answer.label())],
         answer.probability(),
         answer.unsure,
         found[i].row,
         found[i].column}
    );
    const bool next = i + 1 < found.size() && chosen[i + 1];
    if (found[i].sign != 0 && next) digits.back().sign = found[i].sign;
  }
  return digits;
}

double weight_of(const ReadDigit& digit) {
  return digit.label == "1" ? kPartOfOne : 1;
}

bool are_doubtful(const std::vector<ReadDigit>& digits) {
  double surely = 0, without_doubt = 0;
  for (const ReadDigit& digit : digits) {
    if (digit.unsure) continue;
    if (digit.probability >= kSure) surely += weight_of(digit);
    without_doubt += digit.probability >= kDoubtfulBelow;
  }
  return surely <= kHardlyAny ||
         without_doubt <
             (1 - kMostDoubtful) * static_cast<double>(digits.size());
}

// How good a reading is: its right digits, less what its wrong ones weigh, as
// far as their probabilities tell.
double merit_of(const std::vector<ReadDigit>& digits) {
  double merit = 0;
  for (const ReadDigit& digit : digits) {
    const double own = digit.probability - kWorse * (1 - digit.probability);
    merit += own > 0 ? weight_of(digit) * own : std::max(own, -kWorst);
  }
  return merit;
}

// What the others lack of the digits, as far as their probabilities tell.
double missed(
    const std::vector<ReadDigit>& digits, const std::vector<ReadDigit>& others
) {
  double missed = 0;
  for (const ReadDigit& digit : digits) {
    const cv::Point middle = (digit.box.tl() + digit.box.br()) / 2;
    const auto covers = [&](const ReadDigit& other) {
      return other.box.contains(middle);
    };
    if (std::ranges::none_of(others, covers))
      missed += weight_of(digit) * digit.probability;
  }
  return missed;
}

}  // namespace

std::vector<ReadDigit> read_digits(
    const cv::Mat& page,
    const PictureClassifier& classify,
    const std::vector<std::string>& class_names
) {
  PageReader reader(page, page_network(classify, class_names));
  const std::vector<PageDigit> found = reader.read();
  const std::vector<ReadDigit> first = digits_among(found, class_names);
  if (!are_doubtful(first) || found.size() > kMostComponents) return first;
  std::vector<ReadDigit> digits = first;
  double merit = merit_of(first);
  const auto take_if_better = [&](const std::vector<PageDigit>& again) {
    std::vector<ReadDigit> others = digits_among(again, class_names);
    const double merit_of_others = merit_of(others) - missed(first, others);
    // Nothing at all would be better than many doubtful digits.
    if (others.empty() || merit_of_others <= merit) return;
    merit = merit_of_others;
    digits = std::move(others);
  };
  for (const auto& again : reader.read_again()) take_if_better(again);
  if (merit <= kHardlyOne) take_if_better(reader.read_at_last());
  return digits;
}

void enlarge_boxes(std::vector<ReadDigit>& digits, int factor) {
  for (ReadDigit& digit : digits) {
    cv::Rect& box = digit.box;
    box = {box.tl() * factor, box.size() * factor};
  }
}

std::string page_text(const std::vector<ReadDigit>& digits) {
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && digits[i].line != digits[i - 1].line)
      text += '\n';
    else if (i > 0 && !digits[i - 1].sign.empty())
      text += digits[i - 1].sign;
    else if (i > 0 && digits[i].word != digits[i - 1].word)
      text += ' ';
    text += digits[i].unsure ? "?" : digits[i].label;
  }
  return text;
}

nlohmann::json page_json(const std::vector<ReadDigit>& digits) {
  nlohmann::json list = nlohmann::json::array();
  for (const ReadDigit& digit : digits) {
    list.push_back(
        {{"box", {digit.box.x, digit.box.y, digit.box.width, digit.box.height}},
         {"label", digit.label},
         {"probability", digit.probability},
         {"unsure", digit.unsure},
         {"line", digit.line},
         {"word", digit.word},
         {"sign", digit.sign}}
    );
    if (digit.row < 0) continue;
    list.back()["row"] = digit.row;
    list.back()["column"] = digit.column;
  }
  return {{"text", page_text(digits)}, {"digits", list}};
}

}  // namespace digitorch
