#include "datasets/files/image_file.h"

#include "datasets/files/byte_reader.h"
#include "datasets/files/image_format.h"

namespace digitorch {
namespace {

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

Image decode_upright(ByteReader& bytes) {
  Image image = decode(bytes);
  image.pixels = upright(image.pixels, image.orientation);
  image.orientation = 1;
  return image;
}

}  // namespace

Image decode_image(std::string_view bytes, const std::string& name) {
  ByteReader reader(bytes, name, "picture");
  return decode_upright(reader);
}

Image read_image(const std::filesystem::path& path) {
  InputFile file(path);
  ByteReader reader(file, path.string(), "picture");
  return decode_upright(reader);
}

}  // namespace digitorch
