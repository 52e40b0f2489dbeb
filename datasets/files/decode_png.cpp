#include "datasets/files/decode_png.h"

#include <png.h>

#include <algorithm>
#include <csetjmp>
#include <exception>
#include <new>
#include <string>
#include <vector>

#include "datasets/files/exif.h"
#include "datasets/files/row_reducer.h"

namespace digitorch {
namespace {

// Chunks whose damage is the picture's.
bool is_needed(std::string_view chunk) {
  return chunk == "IHDR" || chunk == "PLTE" || chunk == "tRNS" ||
         chunk == "IDAT" || chunk == "IEND";
}

// A chunk that is neither needed nor the orientation.
bool is_idle(std::string_view message) {
  constexpr std::size_t kName = 4;
  return message.size() > kName + 1 && message[kName] == ':' &&
         !is_needed(message.substr(0, kName));
}

// libpng's reader. It reports errors by longjmp, which no object with a
// destructor may stand in the way of: every function here that calls setjmp
// has none, nor have the ones that libpng calls once they jump.
class PngReader {
 public:
  explicit PngReader(const ByteReader& bytes) : bytes_(bytes) {
    png_ = png_create_read_struct(
        PNG_LIBPNG_VER_STRING, this, on_error, on_warning
    );
    info_ = png_ == nullptr ? nullptr : png_create_info_struct(png_);
    if (info_ == nullptr) {
      png_destroy_read_struct(&png_, nullptr, nullptr);
      throw std::bad_alloc();
    }
    png_set_read_fn(png_, this, on_read);
  }
  ~PngReader() { png_destroy_read_struct(&png_, &info_, nullptr); }
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;

  // Up to the pixels, which will come as those of a cv::Mat.
  void read_header() {
    if (!try_header()) fail();
  }

  cv::Size size() const {
    return {
        static_cast<int>(png_get_image_width(png_, info_)),
        static_cast<int>(png_get_image_height(png_, info_))};
  }

  int type() const {
    const int depth = png_get_bit_depth(png_, info_) == 16 ? CV_16U : CV_8U;
    return CV_MAKETYPE(depth, png_get_channels(png_, info_));
  }

  bool is_interlaced() const { return passes_ > 1; }

  // One row, from top to bottom; requires a picture that is not interlaced.
  void read_row(uint8_t* to) {
    if (!try_row(to)) fail();
  }

  // All rows of any picture.
  void read_rows(std::vector<uint8_t*> rows) {
    if (!try_rows(rows.data())) fail();
  }

  // What is behind the pixels.
  void read_end() {
    if (!try_end()) fail();
  }

  int orientation() const {
    png_uint_32 size = 0;
    png_bytep data = nullptr;
    if (png_get_eXIf_1(png_, info_, &size, &data) == 0) return 1;
    return exif_orientation({reinterpret_cast<const char*>(data), size});
  }

 private:
  bool try_header() {
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    // A null list stands for all chunks that libpng knows; the second call
    // takes the orientation and the transparent colour back.
    static constexpr png_byte kWanted[] = "eXIf\0tRNS";
    png_set_keep_unknown_chunks(png_, PNG_HANDLE_CHUNK_NEVER, nullptr, -1);
    png_set_keep_unknown_chunks(png_, PNG_HANDLE_CHUNK_AS_DEFAULT, kWanted, 2);
    png_read_info(png_, info_);
    const int colour = png_get_color_type(png_, info_);
    const bool has_key = png_get_valid(png_, info_, PNG_INFO_tRNS) != 0;
    png_set_expand(png_);  // palettes, fewer bits than 8, transparent colours
    png_set_bgr(png_);
    png_set_swap(png_);
    if (colour == PNG_COLOR_TYPE_GRAY_ALPHA ||
        (colour == PNG_COLOR_TYPE_GRAY && has_key))
      png_set_gray_to_rgb(png_);
    passes_ = png_set_interlace_handling(png_);
    png_read_update_info(png_, info_);
    return true;
  }

  bool try_row(uint8_t* to) {
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    png_read_row(png_, to, nullptr);
    return true;
  }

  bool try_rows(uint8_t** rows) {
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    png_read_image(png_, rows);
    return true;
  }

  bool try_end() {
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    png_read_end(png_, info_);
    return true;
  }

  [[noreturn]] void fail() const {
    if (thrown_) std::rethrow_exception(thrown_);
    bytes_.fail_damaged(complaint_);
  }

  [[noreturn]] static void on_error(png_structp png, png_const_charp message) {
    static_cast<PngReader*>(png_get_error_ptr(png))->complaint_ = message;
    png_longjmp(png, 1);
  }

  static void on_warning(png_structp png, png_const_charp message) {
    if (!is_idle(message)) on_error(png, message);
  }

  static void on_read(png_structp png, png_bytep to, std::size_t count) {
    auto* self = static_cast<PngReader*>(png_get_io_ptr(png));
    if (!self->read(to, count)) png_error(png, "it ends early");
  }

  bool read(uint8_t* to, std::size_t count) {
    try {
      const std::size_t got = bytes_.read(at_, to, count);
      at_ += got;
      return got == count;
    } catch (...) {
      thrown_ = std::current_exception();
      return false;
    }
  }

  const ByteReader& bytes_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
  int passes_ = 1;
  uint64_t at_ = 0;
  std::string complaint_;
  std::exception_ptr thrown_;
};

// An interlaced picture has to be whole in memory before its rows are.
void read_interlaced(PngReader& png, RowReducer& picture) {
  const cv::Size size = png.size();
  cv::Mat whole(size, png.type());
  std::vector<uint8_t*> rows;
  for (int y = 0; y < size.height; ++y) rows.push_back(whole.ptr(y));
  png.read_rows(rows);
  for (int y = 0; y < size.height; ++y) {
    std::copy_n(whole.ptr(y), whole.step[0], picture.row());
    picture.next();
  }
}

}  // namespace

Image decode_png(const ByteReader& bytes) {
  check_image_size(bytes, bytes.big(16, 4), bytes.big(20, 4));
  PngReader png(bytes);
  png.read_header();
  const cv::Size size = png.size();
  const uint64_t all = static_cast<uint64_t>(size.area()) *
                       static_cast<uint64_t>(CV_ELEM_SIZE(png.type()));
  if (png.is_interlaced())
    check_decoder_bytes(bytes, "interlaced picture", 2 * all);
  RowReducer picture(size, png.type());
  if (png.is_interlaced()) {
    read_interlaced(png, picture);
  } else {
    for (int y = 0; y < size.height; ++y) {
      png.read_row(picture.row());
      picture.next();
    }
  }
  png.read_end();
  Image image = picture.take();
  image.orientation = png.orientation();
  return image;
}

}  // namespace digitorch
