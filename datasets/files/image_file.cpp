#include "datasets/files/image_file.h"

#include <iostream>
#include <mutex>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/imgcodecs.hpp>
#include <stdexcept>
#include <streambuf>

#include "datasets/files/image_header.h"
#include "datasets/files/read_file.h"

namespace digitorch {
namespace {

static_assert(kMaxImageBytes >= 8 * kMaxPixels, "an uncompressed picture");

/// The picture turned and flipped as EXIF's orientation asks for, which tells
/// the sides on which the first row and column belong (EXIF 2.3, tag 274).
cv::Mat upright(const cv::Mat& image, int orientation) {
  cv::Mat turned;
  switch (orientation) {
    case 2:
      cv::flip(image, turned, 1);
      break;
    case 3:
      cv::rotate(image, turned, cv::ROTATE_180);
      break;
    case 4:
      cv::flip(image, turned, 0);
      break;
    case 5:
      cv::transpose(image, turned);
      break;
    case 6:
      cv::rotate(image, turned, cv::ROTATE_90_CLOCKWISE);
      break;
    case 7:
      cv::transpose(image, turned);
      cv::rotate(turned, turned, cv::ROTATE_180);
      break;
    case 8:
      cv::rotate(image, turned, cv::ROTATE_90_COUNTERCLOCKWISE);
      break;
    default:
      turned = image;
  }
  return turned;
}

// Silences std::cerr while any thread has one of these. imdecode prints the
// exceptions that it catches there, whatever the log level.
class MutedCerr {
 public:
  MutedCerr() {
    const std::lock_guard lock(mutex_);
    if (count_++ == 0) before_ = std::cerr.rdbuf(nullptr);
  }
  ~MutedCerr() {
    const std::lock_guard lock(mutex_);
    if (--count_ == 0) std::cerr.rdbuf(before_);
  }
  MutedCerr(const MutedCerr&) = delete;
  MutedCerr& operator=(const MutedCerr&) = delete;

 private:
  static inline std::mutex mutex_;
  static inline int count_ = 0;
  static inline std::streambuf* before_ = nullptr;
};

// Empty where the decoder refuses the bytes.
cv::Mat decode_unchecked(std::string_view bytes) {
  // Otherwise OpenCV prints its own warnings beside our errors.
  [[maybe_unused]] static const auto previous =
      cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
  const MutedCerr muted;
  try {
    // imdecode only reads the bytes, which cv::Mat cannot express.
    const cv::Mat buffer(
        1,
        static_cast<int>(bytes.size()),
        CV_8U,
        const_cast<char*>(bytes.data())
    );
    return cv::imdecode(buffer, cv::IMREAD_UNCHANGED);
  } catch (const cv::Exception&) {
    return {};
  }
}

}  // namespace

cv::Mat decode_image(std::string_view bytes, const std::string& name) {
  const ImageHeader header = read_image_header(bytes, name);
  cv::Mat image =
      decode_unchecked(header.stripped.empty() ? bytes : header.stripped);
  if (image.empty())
    throw std::runtime_error(
        name + ": damaged or unusual " + header.format +
        "; expected one that OpenCV decodes"
    );
  const bool as_expected =
      image.cols == header.width && image.rows == header.height &&
      (image.depth() == CV_8U || image.depth() == CV_16U) &&
      (image.channels() == 1 || image.channels() == 3 || image.channels() == 4);
  if (!as_expected)
    throw std::runtime_error(
        name + ": unsupported " + header.format + " of " +
        cv::typeToString(image.type()) + ", " + std::to_string(image.cols) +
        "x" + std::to_string(image.rows) + " pixels; expected grey or colour " +
        "of 8 or 16 bits, " + std::to_string(header.width) + "x" +
        std::to_string(header.height) + " pixels"
    );
  if (header.max_value > 0) {
    const double white = image.depth() == CV_8U ? 255 : 65535;
    image.convertTo(image, -1, white / static_cast<double>(header.max_value));
  }
  return upright(image, header.orientation);
}

cv::Mat read_image(const std::filesystem::path& path) {
  return decode_image(read_file(path, kMaxImageBytes), path.string());
}

}  // namespace digitorch
