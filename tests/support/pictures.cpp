#include "tests/support/pictures.h"

#include <zlib.h>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <stdexcept>

namespace digitorch::testing {
namespace {

constexpr std::size_t kStartSize = 2;  // of a JPEG's first marker

// The first segment of a kind, marker and all.
std::string jpeg_segment(const std::string& jpeg, unsigned char marker) {
  for (std::size_t at = kStartSize; at + 4 <= jpeg.size();) {
    const std::size_t length = static_cast<unsigned char>(jpeg[at + 2]) * 256 +
                               static_cast<unsigned char>(jpeg[at + 3]);
    if (static_cast<unsigned char>(jpeg[at + 1]) == marker)
      return jpeg.substr(at, length + 2);
    at += length + 2;
  }
  throw std::logic_error("no such segment");
}

}  // namespace

cv::Mat draw_digit(int side) {
  // Drawn large and shrunk, so that all sizes show the same shape.
  constexpr int kLarge = 2048;
  cv::Mat large(kLarge, kLarge, CV_8U, cv::Scalar(255));
  const std::vector<cv::Point> stroke{
      {1340, 500},
      {800, 500},
      {760, 960},
      {1100, 900},
      {1330, 1040},
      {1370, 1270},
      {1210, 1500},
      {930, 1560},
      {700, 1430},
  };
  cv::polylines(large, stroke, false, cv::Scalar(0), 140, cv::LINE_AA);
  cv::Mat digit;
  cv::resize(large, digit, {side, side}, 0, 0, cv::INTER_AREA);
  return digit;
}

std::string encode(
    const std::string& extension,
    const cv::Mat& image,
    const std::vector<int>& parameters
) {
  std::vector<unsigned char> bytes;
  if (!cv::imencode(extension, image, bytes, parameters))
    throw std::logic_error("cannot encode " + extension);
  return {bytes.begin(), bytes.end()};
}

std::string big_endian(uint32_t value, int bytes) {
  std::string text;
  for (int i = bytes; i-- > 0;)
    text += static_cast<char>(value >> (8 * i) & 0xff);
  return text;
}

std::string little_endian(uint32_t value, int bytes) {
  const std::string big = big_endian(value, bytes);
  return {big.rbegin(), big.rend()};
}

std::string png_chunk(const std::string& type, const std::string& data) {
  const std::string body = type + data;
  const auto sum =
      crc32(0, reinterpret_cast<const Bytef*>(body.data()), uInt(body.size()));
  return big_endian(uint32_t(data.size()), 4) + body +
         big_endian(uint32_t(sum), 4);
}

std::string make_png(
    int width,
    int height,
    int depth,
    int colour_type,
    const std::string& samples,
    const std::string& extra
) {
  uLongf size = compressBound(samples.size());
  std::string packed(size, '\0');
  compress(
      reinterpret_cast<Bytef*>(packed.data()),
      &size,
      reinterpret_cast<const Bytef*>(samples.data()),
      samples.size()
  );
  packed.resize(size);
  return "\x89PNG\r\n\x1a\n" +
         png_chunk(
             "IHDR",
             big_endian(width, 4) + big_endian(height, 4) +
                 big_endian(depth, 1) + big_endian(colour_type, 1) +
                 std::string(3, '\0')
         ) +
         extra + png_chunk("IDAT", packed) + png_chunk("IEND", "");
}

std::string make_tiff(
    const std::vector<std::pair<int, uint32_t>>& tags,
    const std::string& pixels,
    uint32_t next
) {
  constexpr int kLong = 4;
  std::string file = "MM" + big_endian(42, 2) +
                     big_endian(uint32_t(8 + pixels.size()), 4) + pixels +
                     big_endian(uint32_t(tags.size()), 2);
  for (const auto& [tag, value] : tags)
    file += big_endian(uint32_t(tag), 2) + big_endian(kLong, 2) +
            big_endian(1, 4) + big_endian(value, 4);
  return file + big_endian(next, 4);
}

std::vector<std::pair<int, uint32_t>> grey_tiff_tags(
    uint32_t width, uint32_t height, uint32_t packed, uint32_t compression
) {
  constexpr uint32_t kPixels = 8;  // where they begin
  return {
      {256, width},
      {257, height},
      {258, 8},
      {259, compression},
      {262, 1},
      {273, kPixels},
      {277, 1},
      {278, height},
      {279, packed},
  };
}

std::string exif_block(int orientation) {
  constexpr int kTag = 274, kShort = 3;
  return "MM" + big_endian(42, 2) + big_endian(8, 4) + big_endian(1, 2) +
         big_endian(kTag, 2) + big_endian(kShort, 2) + big_endian(1, 4) +
         big_endian(orientation, 2) + big_endian(0, 2) + big_endian(0, 4);
}

std::string with_exif(const std::string& jpeg, const std::string& block) {
  const std::string body = std::string("Exif\0\0", 6) + block;
  return jpeg.substr(0, kStartSize) + "\xff\xe1" +
         big_endian(uint32_t(body.size() + 2), 2) + body +
         jpeg.substr(kStartSize);
}

std::string make_cmyk_jpeg(const std::vector<std::string>& planes) {
  // All planes share their tables, since OpenCV writes the standard's; a scan
  // of one channel is the same whether there are others or not.
  const std::string& first = planes[0];
  std::string frame = jpeg_segment(first, 0xc0);
  std::string channels;
  for (char i = 1; i <= 4; ++i) channels += {i, 0x11, 0};
  frame = frame.substr(0, 9) + '\4' + channels;
  frame.replace(2, 2, big_endian(uint32_t(frame.size() - 2), 2));

  // Adobe's segment, transform 0: inks, stored as they are.
  std::string file = first.substr(0, kStartSize) + "\xff\xee" +
                     big_endian(14, 2) + "Adobe" + std::string("\0\x64", 2) +
                     std::string(5, '\0') + jpeg_segment(first, 0xdb) + frame;
  for (std::size_t at = 0; (at = first.find("\xff\xc4", at)) != first.npos;) {
    const std::string table = jpeg_segment(first.substr(at - kStartSize), 0xc4);
    file += table;
    at += table.size();
  }
  for (std::size_t i = 0; i < planes.size(); ++i) {
    std::string scan = jpeg_segment(planes[i], 0xda);
    const std::size_t start = planes[i].find(scan);
    scan[5] = static_cast<char>(i + 1);  // which channel it is of
    const std::size_t data = start + scan.size();
    file += scan + planes[i].substr(data, planes[i].size() - data - 2);
  }
  return file + "\xff\xd9";
}

}  // namespace digitorch::testing
