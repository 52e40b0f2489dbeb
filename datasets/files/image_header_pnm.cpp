#include "datasets/files/image_header_pnm.h"

#include <algorithm>
#include <string>

namespace digitorch {
namespace {

constexpr std::string_view kSpace = " \t\r\n\v\f";
constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kBits = "01";

// The offset behind white space and comments, which end with their line.
std::size_t skip_space(std::string_view text, std::size_t at) {
  for (;;) {
    at = std::min(text.find_first_not_of(kSpace, at), text.size());
    if (at == text.size() || text[at] != '#') return at;
    at = std::min(text.find('\n', at), text.size());
  }
}

// Reads a number of at most nine digits and moves `at` behind it.
int64_t read_number(const ByteReader& bytes, std::size_t& at) {
  const std::string_view text = bytes.all();
  const std::size_t start = skip_space(text, at);
  at = std::min(text.find_first_not_of(kDigits, start), text.size());
  if (at == start || at - start > 9 || at == text.size())
    bytes.fail("damaged PNM, no number at byte " + std::to_string(start));
  return std::stoll(std::string(text.substr(start, at - start)));
}

// The number of values in plain text from `at` on; a bit is one character.
// Throws for characters that are neither digits nor space.
int64_t count_values(const ByteReader& bytes, std::size_t at, bool bits) {
  const std::string_view text = bytes.all();
  int64_t count = 0;
  for (at = skip_space(text, at); at < text.size(); ++count) {
    const std::size_t end =
        std::min(bits ? at + 1 : text.find_first_of(kSpace, at), text.size());
    const std::string_view value = text.substr(at, end - at);
    if (value.find_first_not_of(bits ? kBits : kDigits) != value.npos)
      bytes.fail("damaged PNM, no number at byte " + std::to_string(at));
    at = skip_space(text, end);
  }
  return count;
}

}  // namespace

ImageHeader read_pnm_header(const ByteReader& bytes) {
  const char kind = bytes.text(0, 2)[1];
  const bool bits = kind == '1' || kind == '4';
  const bool plain = kind <= '3';
  const int64_t channels = kind == '3' || kind == '6' ? 3 : 1;

  ImageHeader header{.format = bytes.format()};
  std::size_t at = 2;
  header.width = read_number(bytes, at);
  header.height = read_number(bytes, at);
  const int64_t max_value = bits ? 1 : read_number(bytes, at);
  check_image_size(bytes, header);
  if (max_value < 1 || max_value > 65535)
    bytes.fail(
        "PNM with " + std::to_string(max_value) + " as white", "1 to 65535"
    );

  const int64_t values = header.width * header.height * channels;
  ++at;  // one white space ends the header
  if (plain) {
    const int64_t found = count_values(bytes, at, bits);
    if (found < values)
      bytes.fail(
          "PNM of " + std::to_string(found) + " values",
          std::to_string(values) + " for its size"
      );
  } else {
    const int64_t row =
        bits ? (header.width + 7) / 8
             : header.width * channels * (max_value > 255 ? 2 : 1);
    bytes.text(at, static_cast<std::size_t>(row * header.height));
    if (!bits) header.max_value = max_value;  // the decoder does not scale
  }
  return header;
}

}  // namespace digitorch
