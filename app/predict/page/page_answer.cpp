#include "app/predict/page/page_answer.h"

#include <utility>

#include "app/predict/page/numbers.h"
#include "app/predict/page/page.h"

namespace digitorch {

namespace {

// A page with no more sure digits than this is read again,
constexpr int kHardlyAny = 1;
// where a sure digit has at least this probability,
constexpr float kSurelyRead = 0.8F;
// unless there are more components than this that could be digits.
constexpr int kMostDoubtful = 100;

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
         answer.unsure}
    );
  }
  return digits;
}

int count_sure(const std::vector<ReadDigit>& digits) {
  int sure = 0;
  for (const ReadDigit& digit : digits)
    sure += !digit.unsure && digit.probability >= kSurelyRead;
  return sure;
}

}  // namespace

std::vector<ReadDigit> read_digits(
    const cv::Mat& page,
    const PictureClassifier& classify,
    const std::vector<std::string>& class_names
) {
  const std::vector<PageDigit> found = read_page(page, classify);
  std::vector<ReadDigit> digits = digits_among(found, class_names);
  int sure = count_sure(digits);
  if (sure > kHardlyAny || found.size() > kMostDoubtful) return digits;
  for (const auto& again : read_page_again(page, classify)) {
    std::vector<ReadDigit> others = digits_among(again, class_names);
    const int sure_others = count_sure(others);
    if (sure_others <= sure) continue;
    sure = sure_others;
    digits = std::move(others);
  }
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
    else if (i > 0 && digits[i].word != digits[i - 1].word)
      text += ' ';
    text += digits[i].unsure ? "?" : digits[i].label;
  }
  return text;
}

nlohmann::json page_json(const std::vector<ReadDigit>& digits) {
  nlohmann::json list = nlohmann::json::array();
  for (const ReadDigit& digit : digits)
    list.push_back(
        {{"box", {digit.box.x, digit.box.y, digit.box.width, digit.box.height}},
         {"label", digit.label},
         {"probability", digit.probability},
         {"unsure", digit.unsure},
         {"line", digit.line},
         {"word", digit.word}}
    );
  return {{"text", page_text(digits)}, {"digits", list}};
}

}  // namespace digitorch
