#include "datasets/pixel_csv.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/files/read_file.h"

namespace digitorch {
namespace {

constexpr std::size_t kPixels = kImageSide * kImageSide;
constexpr std::size_t kMaxBytes = std::size_t{2} << 30;

/// The line without the end that it has in files of Windows, taken off `text`.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

/// The numbers of a row into `row`. Returns whether all are 0 to 255.
bool parse_row(std::string_view line, std::vector<uint8_t>& row) {
  row.clear();
  const char* at = line.data();
  const char* end = at + line.size();
  while (row.size() <= kPixels + 1) {
    uint8_t value = 0;
    const auto [stop, error] = std::from_chars(at, end, value);
    if (error != std::errc()) return false;
    row.push_back(value);
    if (stop == end) return true;
    if (*stop != ',') return false;
    at = stop + 1;
  }
  return false;
}

/// "label,pixel0,...", "1x1,1x2,...": words rather than numbers.
bool is_heading(std::string_view line) {
  return std::any_of(line.begin(), line.end(), [](char c) {
    return std::isalpha(static_cast<unsigned char>(c)) != 0;
  });
}

}  // namespace

ImageSet read_pixel_csv(const std::filesystem::path& path) {
  const std::string bytes = read_file(path, kMaxBytes);
  std::string_view text = bytes;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::vector<uint8_t> pixels;
  std::vector<int64_t> labels;
  std::vector<uint8_t> row;
  for (int64_t number = 1; !text.empty(); ++number) {
    const std::string_view line = take_line(text);
    if (line.empty() || (number == 1 && is_heading(line))) continue;
    const bool whole = parse_row(line, row);
    if (whole && row.size() == kPixels && labels.empty()) return {};
    if (!whole || row.size() != kPixels + 1)
      throw std::runtime_error(
          path.string() + ": line " + std::to_string(number) +
          " is no label and 784 pixels, numbers from 0 to 255 with commas"
      );
    labels.push_back(row.front());
    pixels.insert(pixels.end(), row.begin() + 1, row.end());
  }
  if (labels.empty())
    throw std::runtime_error(
        path.string() + ": no rows; expected a label and 784 pixels in each"
    );
  ImageSet set{.labels = torch::tensor(labels, torch::kInt64)};
  set.images = torch::from_blob(
                   pixels.data(),
                   {std::ssize(labels), 1, kImageSide, kImageSide},
                   torch::kUInt8
  )
                   .clone();
  return set;
}

}  // namespace digitorch
