#include "app/commands/classify/page.h"

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/predict/page/numbers.h"
#include "app/predict/page/page.h"
#include "app/report/drawing/png.h"
#include "app/report/pictures/annotate.h"
#include "app/system/text.h"
#include "app/system/write_file.h"
#include "datasets/files/image_file.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

struct ReadDigit {
  cv::Rect box;
  int line = 0;
  int place = 0;  // on its line; components that are left out count as well
  int word = 0;
  std::string label;
  float probability = 0;
  bool unsure = false;
};

std::vector<ReadDigit> read_digits(const cv::Mat& page, Predictor& predictor) {
  const std::vector<PageDigit> found =
      read_page(page, [&](const std::vector<Preprocessed>& pictures) {
        return predictor.predict(pictures);
      });
  const std::vector<std::string>& names = predictor.class_names();
  const std::vector<bool> chosen = read_as_digits(found, names);
  std::vector<ReadDigit> digits;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!chosen[i]) continue;
    const Prediction& answer = found[i].prediction;
    digits.push_back(
        {found[i].box,
         found[i].line,
         found[i].place,
         found[i].word,
         names[static_cast<std::size_t>(answer.label())],
         answer.probability(),
         answer.unsure}
    );
  }
  return digits;
}

/// The digits as text: a line for each line of the page, without a line feed
/// after the last, and a space between numbers that words part.
std::string text_of(const std::vector<ReadDigit>& digits) {
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && digits[i].line != digits[i - 1].line)
      text += '\n';
    else if (i > 0 && digits[i].place > digits[i - 1].place + 1)
      text += ' ';
    text += digits[i].unsure ? "?" : digits[i].label;
  }
  return text;
}

void print_json(const fs::path& path, const std::vector<ReadDigit>& digits) {
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
  const nlohmann::json line = {
      {"path", json_text(path.string())},
      {"text", text_of(digits)},
      {"digits", list}};
  std::cout << line.dump() << '\n';
}

void print_csv(const fs::path& path, const std::vector<ReadDigit>& digits) {
  for (const ReadDigit& digit : digits)
    std::cout << csv_text(json_text(path.string())) << ',' << digit.line << ','
              << digit.box.x << ',' << digit.box.y << ',' << digit.box.width
              << ',' << digit.box.height << ',' << csv_text(digit.label) << ','
              << digit.probability << ',' << (digit.unsure ? "true" : "false")
              << '\n';
}

void print_text(
    const fs::path& path, const std::vector<ReadDigit>& digits, bool tell_path
) {
  if (tell_path) std::cout << escape_control(path.string()) << ":\n";
  if (!digits.empty()) std::cout << text_of(digits) << '\n';
}

void write_annotated(
    const fs::path& path,
    const cv::Mat& page,
    const std::vector<ReadDigit>& digits
) {
  std::vector<PageMark> marks;
  for (const ReadDigit& digit : digits)
    marks.push_back({digit.box, digit.label, digit.unsure});
  write_file(path, encode_png(annotate(page, marks)));
}

}  // namespace

void print_page_csv_header() {
  std::cout << "path,line,x,y,width,height,label,probability,unsure\n";
}

bool classify_page(
    const fs::path& path, Predictor& predictor, const PageOutput& output
) {
  const cv::Mat page = read_image(path);
  const std::vector<ReadDigit> digits = read_digits(page, predictor);
  if (!output.annotate.empty()) write_annotated(output.annotate, page, digits);
  if (output.format == "json")
    print_json(path, digits);
  else if (output.format == "csv")
    print_csv(path, digits);
  else
    print_text(path, digits, output.tell_path);
  return !digits.empty() &&
         std::none_of(digits.begin(), digits.end(), [](const auto& digit) {
           return digit.unsure;
         });
}

}  // namespace digitorch
