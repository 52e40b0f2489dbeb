// What every decoder gives, and the bounds that all of them keep.
#pragma once

#include <cstdint>
#include <opencv2/core.hpp>

#include "datasets/files/byte_reader.h"

namespace digitorch {

struct Image {
  cv::Mat pixels;         ///< 1, 3 (BGR) or 4 (BGRA) channels, 8 or 16 bits.
  int reduction = 1;      ///< One pixel is so many of the file's, each way.
  int orientation = 1;    ///< EXIF's 1..8: how the file's pixels are turned.
  bool has_more = false;  ///< The file holds further pages.
};

/// Larger pictures are refused from their header, before memory is taken.
inline constexpr int64_t kMaxPixels = 64'000'000;

/// So that a row is small.
inline constexpr int64_t kMaxSide = 1'000'000;

/// What decoded pixels take at most; larger pictures are made smaller while
/// they are decoded. 80 MiB hold a colour photo of 27 megapixels.
inline constexpr int64_t kMaxDecodedBytes = int64_t{80} << 20;

/// What a decoder takes at most for all it holds at once. Files that need more
/// are refused from their header.
inline constexpr int64_t kMaxDecoderBytes = int64_t{210} << 20;

/// Throws std::runtime_error where a side is zero or above kMaxSide, or there
/// are more pixels than kMaxPixels.
void check_image_size(const ByteReader&, int64_t width, int64_t height);

/// Throws std::runtime_error where decoding would take more than
/// kMaxDecoderBytes. what: names the part that is too large.
void check_decoder_bytes(
    const ByteReader&, const std::string& what, uint64_t bytes
);

/// The least whole number by which a picture has to be reduced each way to take
/// `limit` bytes at most.
int reduction_to(
    cv::Size size, int64_t bytes_per_pixel, int64_t limit = kMaxDecodedBytes
);

}  // namespace digitorch
