#include "datasets/files/decode_webp.h"

#include <webp/decode.h>

#include <algorithm>
#include <string>

#include "datasets/files/exif.h"
#include "datasets/files/image_format.h"

namespace digitorch {
namespace {

constexpr uint64_t kFirstChunk = 12;

// Of the chunk that holds EXIF metadata, where there is one.
int orientation_of(const ByteReader& bytes) {
  for (uint64_t at = kFirstChunk; at + 8 <= bytes.size();) {
    const uint64_t length = bytes.little(at + 4, 4);
    if (bytes.text(at, 4) == "EXIF") {
      bytes.require(at + 8, length);
      return exif_orientation(bytes.text(at + 8, length));
    }
    at += 8 + length + length % 2;
  }
  return 1;
}

}  // namespace

Image decode_webp(const ByteReader& bytes) {
  constexpr uint64_t kLossless = 2;
  const uint64_t riff_bytes = 8 + uint64_t{bytes.little(4, 4)};
  bytes.require(0, riff_bytes);
  check_decoder_bytes(bytes, "file", riff_bytes);
  WebPDecoderConfig config;
  WebPInitDecoderConfig(&config);
  std::string file = bytes.text(0, std::min<uint64_t>(riff_bytes, 1 << 12));
  const auto* data = reinterpret_cast<const uint8_t*>(file.data());
  const WebPBitstreamFeatures& features = config.input;
  if (WebPGetFeatures(data, file.size(), &config.input) != VP8_STATUS_OK)
    bytes.fail_damaged("libwebp finds no header");
  if (features.has_animation)
    bytes.fail("unsupported animated WebP", kImageFormats);
  check_image_size(bytes, features.width, features.height);
  // libwebp holds all colours of a lossless picture.
  const cv::Size size(features.width, features.height);
  const uint64_t pixels = static_cast<uint64_t>(size.area());
  check_decoder_bytes(
      bytes,
      "picture",
      riff_bytes + pixels * (features.format == kLossless ? 4
                             : features.has_alpha != 0    ? 2
                                                          : 0)
  );

  Image image;
  const int channels = features.has_alpha ? 4 : 3;
  const int r = image.reduction = reduction_to(size, channels);
  image.pixels.create(
      (size.height + r - 1) / r,
      (size.width + r - 1) / r,
      CV_MAKETYPE(CV_8U, channels)
  );
  config.options.use_scaling = r > 1;
  config.options.scaled_width = image.pixels.cols;
  config.options.scaled_height = image.pixels.rows;
  config.output.colorspace = channels == 4 ? MODE_BGRA : MODE_BGR;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = image.pixels.data;
  config.output.u.RGBA.stride = static_cast<int>(image.pixels.step[0]);
  config.output.u.RGBA.size = image.pixels.total() * image.pixels.elemSize();
  file = bytes.text(0, riff_bytes);
  if (WebPDecode(
          reinterpret_cast<const uint8_t*>(file.data()), file.size(), &config
      ) != VP8_STATUS_OK)
    bytes.fail_damaged("libwebp cannot decode it");
  image.orientation = orientation_of(bytes);
  return image;
}

}  // namespace digitorch
