#include "datasets/files/decode_jpeg.h"

// jpeglib.h needs these before it.
#include <cstddef>
#include <cstdio>

#include <jpeglib.h>

#include <algorithm>
#include <array>
#include <csetjmp>
#include <exception>
#include <string>
#include <vector>

#include "datasets/files/exif.h"

namespace digitorch {
namespace {

// Progressive files have about ten scans. Each takes a pass over the whole
// picture, however few bytes it has.
constexpr int kMaxScans = 100;
constexpr int64_t kMaxScannedPixels = 12 * kMaxPixels;

constexpr int kExif = JPEG_APP0 + 1;

// libjpeg's decompressor. It reports errors by longjmp, which no object with a
// destructor may stand in the way of: every function here that calls setjmp
// has none, nor have the ones that libjpeg calls once they jump.
class JpegReader {
 public:
  explicit JpegReader(const ByteReader& bytes) : bytes_(bytes) {
    jpeg_.err = jpeg_std_error(&errors_);
    errors_.error_exit = on_error;
    errors_.emit_message = on_message;
    jpeg_.client_data = this;
    source_.init_source = [](j_decompress_ptr) {};
    source_.fill_input_buffer = on_fill;
    source_.skip_input_data = on_skip;
    source_.resync_to_restart = jpeg_resync_to_restart;
    source_.term_source = [](j_decompress_ptr) {};
    progress_.progress_monitor = on_progress;
    if (!try_create()) fail();
  }
  ~JpegReader() { jpeg_destroy_decompress(&jpeg_); }
  JpegReader(const JpegReader&) = delete;
  JpegReader& operator=(const JpegReader&) = delete;

  void read_header() {
    if (try_header()) return;
    // libjpeg has a bound of its own, on each side.
    if (jpeg_.image_width > 0 && jpeg_.image_height > 0)
      check_image_size(bytes_, jpeg_.image_width, jpeg_.image_height);
    fail();
  }

  // The picture, reduced as far as memory asks for. Requires its header.
  Image read() {
    check_image_size(bytes_, jpeg_.image_width, jpeg_.image_height);
    choose_output();
    Image image{
        .reduction = static_cast<int>(jpeg_.scale_denom),
        .orientation = orientation()};
    if (!try_start()) fail();
    check_scans_are_whole();
    const int inks = static_cast<int>(jpeg_.output_components);
    image.pixels.create(
        static_cast<int>(jpeg_.output_height),
        static_cast<int>(jpeg_.output_width),
        CV_MAKETYPE(CV_8U, inks == 1 ? 1 : 3)
    );
    std::vector<uint8_t> four_inks(inks == 4 ? 4 * jpeg_.output_width : 0);
    for (int y = 0; y < image.pixels.rows; ++y) {
      uint8_t* row = image.pixels.ptr(y);
      if (!try_row(inks == 4 ? four_inks.data() : row)) fail();
      if (inks == 4) mix(four_inks, row);
    }
    if (!try_finish()) fail();
    return image;
  }

 private:
  bool try_create() {
    if (setjmp(jump_) != 0) return false;
    jpeg_create_decompress(&jpeg_);
    jpeg_.src = &source_;
    jpeg_.progress = &progress_;
    jpeg_save_markers(&jpeg_, kExif, 0xffff);
    return true;
  }

  bool try_header() {
    if (setjmp(jump_) != 0) return false;
    jpeg_read_header(&jpeg_, TRUE);
    return true;
  }

  bool try_start() {
    if (setjmp(jump_) != 0) return false;
    jpeg_start_decompress(&jpeg_);
    return true;
  }

  bool try_row(uint8_t* to) {
    if (setjmp(jump_) != 0) return false;
    jpeg_read_scanlines(&jpeg_, &to, 1);
    return true;
  }

  bool try_finish() {
    if (setjmp(jump_) != 0) return false;
    jpeg_finish_decompress(&jpeg_);
    return true;
  }

  // Files of several scans keep the coefficients of all their blocks in memory.
  uint64_t coefficient_bytes() {
    if (!jpeg_has_multiple_scans(&jpeg_)) return 0;
    uint64_t blocks = 0;
    for (int i = 0; i < jpeg_.num_components; ++i)
      blocks += uint64_t{jpeg_.comp_info[i].width_in_blocks} *
                jpeg_.comp_info[i].height_in_blocks;
    return blocks * DCTSIZE2 * sizeof(JCOEF);
  }

  // Sets the colours and the least reduction, which libjpeg makes by fewer
  // frequencies of every block.
  void choose_output() {
    const bool is_grey = jpeg_.jpeg_color_space == JCS_GRAYSCALE;
    const bool is_inks = jpeg_.jpeg_color_space == JCS_CMYK ||
                         jpeg_.jpeg_color_space == JCS_YCCK;
    jpeg_.out_color_space = is_grey   ? JCS_GRAYSCALE
                            : is_inks ? JCS_CMYK
                                      : JCS_EXT_BGR;
    const uint64_t coefficients = coefficient_bytes();
    check_decoder_bytes(bytes_, "progressive picture", coefficients);
    const int64_t limit = std::min<int64_t>(
        kMaxDecodedBytes,
        kMaxDecoderBytes + (int64_t{16} << 20) -
            static_cast<int64_t>(coefficients)
    );
    const cv::Size size(
        static_cast<int>(jpeg_.image_width),
        static_cast<int>(jpeg_.image_height)
    );
    const int least = reduction_to(size, is_grey ? 1 : 3, limit);
    jpeg_.scale_num = 1;
    jpeg_.scale_denom = 1;
    while (static_cast<int>(jpeg_.scale_denom) < least) jpeg_.scale_denom *= 2;
  }

  // Adobe's programs store inks inverted: 255 is none of it.
  void mix(const std::vector<uint8_t>& inks, uint8_t* to) const {
    const int flip = jpeg_.saw_Adobe_marker ? 0 : 255;
    for (std::size_t i = 0; i < inks.size(); i += 4) {
      const int paper = inks[i + 3] ^ flip;
      for (const std::size_t ink : {2, 1, 0})
        *to++ = static_cast<uint8_t>((inks[i + ink] ^ flip) * paper / 255);
    }
  }

  // A progressive file that ends early is of lower quality up to being grey,
  // without a warning.
  void check_scans_are_whole() const {
    if (jpeg_.progressive_mode == 0 || jpeg_.coef_bits == nullptr) return;
    for (int i = 0; i < jpeg_.num_components; ++i)
      for (int k = 0; k < DCTSIZE2; ++k)
        if (jpeg_.coef_bits[i][k] != 0)
          bytes_.fail("truncated JPEG, without its last scans");
  }

  int orientation() const {
    for (auto* marker = jpeg_.marker_list; marker; marker = marker->next) {
      const std::string_view data(
          reinterpret_cast<const char*>(marker->data), marker->data_length
      );
      if (marker->marker == kExif && data.starts_with("Exif"))
        return exif_orientation(data);
    }
    return 1;
  }

  [[noreturn]] void fail() const {
    if (thrown_) std::rethrow_exception(thrown_);
    if (!found_.empty()) bytes_.fail(found_, "about ten at most");
    bytes_.fail_damaged(complaint_);
  }

  static JpegReader& self(j_common_ptr jpeg) {
    return *static_cast<JpegReader*>(jpeg->client_data);
  }

  // Keeps libjpeg's words and jumps.
  [[noreturn]] static void on_error(j_common_ptr jpeg) {
    std::array<char, JMSG_LENGTH_MAX> text{};
    jpeg->err->format_message(jpeg, text.data());
    self(jpeg).complaint_ = text.data();
    std::longjmp(self(jpeg).jump_, 1);
  }

  // level: -1 is a warning, all else is of no concern.
  static void on_message(j_common_ptr jpeg, int level) {
    if (level < 0) on_error(jpeg);
  }

  static void on_progress(j_common_ptr jpeg) {
    JpegReader& reader = self(jpeg);
    const int scans = reader.jpeg_.input_scan_number;
    const int64_t pixels =
        int64_t{reader.jpeg_.image_width} * reader.jpeg_.image_height;
    if (scans <= kMaxScans && scans * pixels <= kMaxScannedPixels) return;
    reader.found_ = "JPEG of more than " + std::to_string(scans - 1) + " scans";
    std::longjmp(reader.jump_, 1);
  }

  static boolean on_fill(j_decompress_ptr jpeg) {
    JpegReader& reader = self(reinterpret_cast<j_common_ptr>(jpeg));
    if (!reader.fill()) std::longjmp(reader.jump_, 1);
    return TRUE;
  }

  static void on_skip(j_decompress_ptr jpeg, long count) {
    JpegReader& reader = self(reinterpret_cast<j_common_ptr>(jpeg));
    const auto skipped = static_cast<std::size_t>(std::max(count, 0L));
    jpeg_source_mgr& source = reader.source_;
    if (skipped > source.bytes_in_buffer) {
      reader.at_ += skipped - source.bytes_in_buffer;
      source.bytes_in_buffer = 0;
    } else {
      source.bytes_in_buffer -= skipped;
      source.next_input_byte += skipped;
    }
  }

  bool fill() {
    try {
      const std::size_t got = bytes_.read(at_, buffer_.data(), buffer_.size());
      at_ += got;
      source_.next_input_byte = buffer_.data();
      source_.bytes_in_buffer = got;
      if (got == 0) complaint_ = "it ends early";
      return got > 0;
    } catch (...) {
      thrown_ = std::current_exception();
      return false;
    }
  }

  const ByteReader& bytes_;
  jpeg_decompress_struct jpeg_{};
  jpeg_error_mgr errors_{};
  jpeg_source_mgr source_{};
  jpeg_progress_mgr progress_{};
  std::jmp_buf jump_{};
  std::array<JOCTET, 1 << 14> buffer_{};
  uint64_t at_ = 0;
  std::string complaint_;  // libjpeg's words.
  std::string found_;      // Our own words.
  std::exception_ptr thrown_;
};

}  // namespace

Image decode_jpeg(const ByteReader& bytes) {
  JpegReader jpeg(bytes);
  jpeg.read_header();
  return jpeg.read();
}

}  // namespace digitorch
