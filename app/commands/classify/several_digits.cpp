#include "app/commands/classify/several_digits.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "app/predict/page/numbers.h"
#include "app/predict/page/page.h"
#include "datasets/vision/resize.h"

namespace digitorch {
namespace {

// Digits that can be taken for one picture's digit are still large at so many
// pixels on a side, and a page takes time by its pixels.
constexpr int kMaxSideOfHint = 1024;
// Less than this part of the highest digit is a mark beside it.
constexpr double kLeastHeight = 0.6;
// Every digit has to be as probable. The hint is missed more gladly than given
// for one digit in pieces.
constexpr float kSurely = 0.9F;

bool has_all_digits(const std::vector<std::string>& class_names) {
  for (char digit = '0'; digit <= '9'; ++digit)
    if (std::find(
            class_names.begin(), class_names.end(), std::string(1, digit)
        ) == class_names.end())
      return false;
  return true;
}

}  // namespace

int digits_side_by_side(const cv::Mat& picture, Predictor& predictor) {
  if (!has_all_digits(predictor.class_names())) return 0;
  const auto classify = [&](const std::vector<Preprocessed>& pictures) {
    return predictor.predict(pictures);
  };
  const std::vector<PageDigit> found = read_page(
      shrunk(picture, kMaxSideOfHint),
      page_network(classify, predictor.class_names())
  );
  const std::vector<bool> chosen =
      read_as_digits(found, predictor.class_names());
  int highest = 0;
  for (std::size_t i = 0; i < found.size(); ++i)
    if (chosen[i]) highest = std::max(highest, found[i].box.height);
  std::map<int, int> on_line;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const Prediction& answer = found[i].prediction;
    if (chosen[i] && found[i].box.height >= kLeastHeight * highest &&
        !answer.unsure && answer.probability() >= kSurely)
      ++on_line[found[i].line];
  }
  int most = 0;
  for (const auto& [line, count] : on_line) most = std::max(most, count);
  return most >= 2 ? most : 0;
}

}  // namespace digitorch
