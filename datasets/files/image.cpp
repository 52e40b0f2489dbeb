#include "datasets/files/image.h"

#include <algorithm>
#include <string>

namespace digitorch {
namespace {

#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
// The search for bytes that crash a decoder calls it millions of times.
constexpr int64_t kMostPixels = 1 << 16;
#else
constexpr int64_t kMostPixels = kMaxPixels;
#endif

}  // namespace

void check_image_size(const ByteReader& bytes, int64_t width, int64_t height) {
  const std::string size =
      std::to_string(width) + "x" + std::to_string(height) + " pixels";
  if (width < 1 || height < 1)
    bytes.fail(bytes.format() + " of " + size, "at least 1x1");
  // The product of the sides could overflow; the quotient cannot.
  if (width > kMostPixels / height)
    bytes.fail(
        bytes.format() + " of " + size,
        "at most " + std::to_string(kMostPixels) + " pixels"
    );
  if (std::max(width, height) > kMaxSide)
    bytes.fail(
        bytes.format() + " of " + size,
        "at most " + std::to_string(kMaxSide) + " on a side"
    );
}

void check_decoder_bytes(
    const ByteReader& bytes, const std::string& what, uint64_t needed
) {
  if (needed <= static_cast<uint64_t>(kMaxDecoderBytes)) return;
  bytes.fail(
      bytes.format() + " whose " + what + " takes " +
          std::to_string(needed >> 20) + " MiB to decode",
      "at most " + std::to_string(kMaxDecoderBytes >> 20)
  );
}

int reduction_to(cv::Size size, int64_t bytes_per_pixel, int64_t limit) {
  for (int reduction = 1;; ++reduction) {
    const int64_t width = (size.width + reduction - 1) / reduction;
    const int64_t height = (size.height + reduction - 1) / reduction;
    if (width * height * bytes_per_pixel <= limit) return reduction;
  }
}

}  // namespace digitorch
