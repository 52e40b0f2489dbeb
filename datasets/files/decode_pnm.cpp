#include "datasets/files/decode_pnm.h"

#include <algorithm>
#include <vector>

#include "datasets/files/row_reducer.h"

namespace digitorch {
namespace {

// Reads a PNM's bytes one after the other.
class PnmText {
 public:
  explicit PnmText(const ByteReader& bytes) : bytes_(bytes) {}

  uint64_t at() const { return at_; }

  // The next byte, or -1 at the end.
  int peek() {
    if (next_ == piece_.size()) {
      piece_.resize(kPiece);
      piece_.resize(bytes_.read(at_, piece_.data(), kPiece));
      next_ = 0;
    }
    return piece_.empty() ? -1 : static_cast<unsigned char>(piece_[next_]);
  }

  void skip() {
    ++next_;
    ++at_;
  }

  // Goes on behind white space and comments, which end with their line.
  void skip_space() {
    for (bool comment = false; peek() >= 0; skip()) {
      if (!comment && peek() == '#') comment = true;
      if (comment && peek() == '\n') comment = false;
      if (!comment && !is_space(peek())) break;
    }
  }

  // A number of at most nine digits behind white space. most_digits: 1 for the
  // bits of a plain bitmap, which need no space between them.
  int64_t number(int most_digits = 9) {
    skip_space();
    const uint64_t start = at_;
    int64_t value = 0;
    int digits = 0;
    for (; peek() >= '0' && peek() <= '9' && digits < most_digits; ++digits) {
      value = 10 * value + peek() - '0';
      skip();
    }
    const bool ends = most_digits == 1 || peek() < 0 || is_space(peek());
    if (digits == 0 || !ends)
      bytes_.fail("damaged PNM, no number at byte " + std::to_string(start));
    return value;
  }

 private:
  static bool is_space(int byte) {
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
  }

  static constexpr std::size_t kPiece = 1 << 14;

  const ByteReader& bytes_;
  uint64_t at_ = 2;  // Behind the signature.
  std::vector<char> piece_;
  std::size_t next_ = 0;  // In the piece.
};

// What a PNM's header says.
struct Pnm {
  int kind = 0;  // The digit behind the P.
  int64_t width = 0;
  int64_t height = 0;
  int64_t white = 1;

  bool is_bits() const { return kind == 1 || kind == 4; }
  bool is_plain() const { return kind <= 3; }
  int channels() const { return kind == 3 || kind == 6 ? 3 : 1; }
  bool is_deep() const { return white > 255; }
  int64_t most() const { return is_deep() ? 65535 : 255; }
};

Pnm read_pnm_header(const ByteReader& bytes, PnmText& text) {
  Pnm header{.kind = bytes.text(1, 1)[0] - '0'};
  header.width = text.number();
  header.height = text.number();
  if (!header.is_bits()) header.white = text.number();
  check_image_size(bytes, header.width, header.height);
  if (header.white < 1 || header.white > 65535)
    bytes.fail(
        "PNM with " + std::to_string(header.white) + " as white", "1 to 65535"
    );
  return header;
}

// Reads a row's samples as they are stored, in the order of the file.
class PnmRows {
 public:
  PnmRows(const ByteReader& bytes, PnmText& text, const Pnm& header)
      : bytes_(bytes),
        text_(text),
        header_(header),
        at_(text.at() + 1),  // One white space ends the header.
        row_(
            header.is_bits()
                ? (header.width + 7) / 8
                : header.width * header.channels() * (header.is_deep() ? 2 : 1)
        ) {
    if (!header.is_plain())
      bytes.require(at_, row_.size() * static_cast<uint64_t>(header.height));
  }

  void read(std::vector<int64_t>& samples) {
    if (header_.is_plain()) {
      const int most_digits = header_.is_bits() ? 1 : 9;
      for (int64_t& sample : samples) {
        text_.skip_space();
        if (text_.peek() < 0) fail_short();
        sample = text_.number(most_digits);
        ++found_;
      }
      return;
    }
    bytes_.read(at_, row_.data(), row_.size());
    at_ += row_.size();
    for (std::size_t i = 0; i < samples.size(); ++i)
      samples[i] = header_.is_bits()   ? row_[i / 8] >> (7 - i % 8) & 1
                   : header_.is_deep() ? row_[2 * i] << 8 | row_[2 * i + 1]
                                       : row_[i];
  }

 private:
  [[noreturn]] void fail_short() const {
    bytes_.fail(
        "PNM of " + std::to_string(found_) + " values",
        std::to_string(header_.width * header_.height * header_.channels()) +
            " for its size"
    );
  }

  const ByteReader& bytes_;
  PnmText& text_;
  const Pnm& header_;
  int64_t found_ = 0;  // Values of plain text.
  uint64_t at_;
  std::vector<uint8_t> row_;
};

template <typename T>
void store_row(const std::vector<int64_t>& samples, const Pnm& header, T* to) {
  for (std::size_t i = 0; i < samples.size(); ++i) {
    int64_t value = std::min(samples[i], header.white);
    if (header.is_bits()) value = 1 - value;  // 1 is black
    // Red comes first in the file, blue in the picture.
    const std::size_t place = header.channels() == 1 ? i : i + 2 - 2 * (i % 3);
    to[place] = static_cast<T>(
        (2 * value * header.most() + header.white) / (2 * header.white)
    );
  }
}

}  // namespace

Image decode_pnm(const ByteReader& bytes) {
  PnmText text(bytes);
  const Pnm header = read_pnm_header(bytes, text);
  PnmRows rows(bytes, text, header);
  RowReducer picture(
      cv::Size2l(header.width, header.height),
      CV_MAKETYPE(header.is_deep() ? CV_16U : CV_8U, header.channels())
  );
  std::vector<int64_t> samples(header.width * header.channels());
  for (int64_t y = 0; y < header.height; ++y) {
    rows.read(samples);
    if (header.is_deep())
      store_row(samples, header, reinterpret_cast<uint16_t*>(picture.row()));
    else
      store_row(samples, header, picture.row());
    picture.next();
  }
  return picture.take();
}

}  // namespace digitorch
