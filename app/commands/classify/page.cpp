#include "app/commands/classify/page.h"

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/commands/classify/first_page.h"
#include "app/predict/page/page_answer.h"
#include "app/report/drawing/png.h"
#include "app/report/pictures/annotate.h"
#include "app/system/text.h"
#include "models/text/json_text.h"
#include "models/text/utf8.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

void print_json(const fs::path& path, const std::vector<ReadDigit>& digits) {
  nlohmann::json line = page_json(digits);
  line["path"] = path.string();
  std::cout << dump_lenient(line) << '\n';
}

void print_csv(const fs::path& path, const std::vector<ReadDigit>& digits) {
  for (const ReadDigit& digit : digits)
    std::cout << csv_text(path.string()) << ',' << digit.line << ','
              << digit.box.x << ',' << digit.box.y << ',' << digit.box.width
              << ',' << digit.box.height << ',' << csv_text(digit.label) << ','
              << digit.probability << ',' << (digit.unsure ? "true" : "false")
              << ',' << digit.word << ',' << csv_text(digit.sign) << '\n';
}

void print_text(
    const fs::path& path, std::vector<ReadDigit> digits, bool tell_path
) {
  for (ReadDigit& digit : digits) digit.label = escape_control(digit.label);
  if (digits.empty()) {
    std::cout << escape_control(path.string()) << ": no digits found\n";
    return;
  }
  if (tell_path) std::cout << escape_control(path.string()) << ":\n";
  std::cout << page_text(digits) << '\n';
}

void write_annotated(
    const OutputFile& file,
    const cv::Mat& page,
    const std::vector<ReadDigit>& digits
) {
  std::vector<PageMark> marks;
  for (const ReadDigit& digit : digits)
    marks.push_back({digit.box, digit.label, digit.unsure});
  write_output(file, encode_png(annotate(page, marks)));
}

}  // namespace

void print_page_csv_header() {
  std::cout
      << "path,line,x,y,width,height,label,probability,unsure,word,sign\n";
}

bool classify_page(
    const PictureInput& input, Predictor& predictor, const PageOutput& output
) {
  const fs::path& path = input.path;
  const Image page = read_first_page(input);
  std::vector<ReadDigit> digits = read_digits(
      page.pixels,
      [&](const std::vector<Preprocessed>& pictures) {
        return predictor.predict(pictures);
      },
      predictor.class_names()
  );
  if (output.annotate) write_annotated(*output.annotate, page.pixels, digits);
  enlarge_boxes(digits, page.reduction);
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
