#include "app/report/drawing/png.h"

#include <png.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <opencv2/imgproc.hpp>
#include <stdexcept>

#include "app/report/drawing/layout.h"
#include "app/report/drawing/letters.h"

namespace digitorch {
namespace {

// Shapes are drawn this many times larger and reduced: lines get widths and
// places between pixels. Very large drawings do without, to spare memory.
constexpr int kSupersampling = 2;
constexpr double kMaxCanvasPixels = 50e6;

// OpenCV takes coordinates as whole numbers of 1 / 2^kShift pixels.
constexpr int kShift = 4;

cv::Scalar bgr(Color color) {
  return {double(color.blue), double(color.green), double(color.red)};
}

/// Draws shapes on an image with `unit` pixels for each of the drawing's.
class Canvas {
 public:
  Canvas(cv::Mat& image, double unit) : image_(image), unit_(unit) {}

  void operator()(const Polyline& line) {
    if (line.stroke.dashes.empty())
      draw_solid(line.points, line.stroke);
    else
      draw_dashed(line.points, line.stroke);
  }

  void operator()(const Rectangle& shape) {
    const cv::Rect area = pixels(shape.corner, shape.size);
    image_(area & bounds()).setTo(bgr(shape.fill));
    if (!shape.outlined) return;
    const auto [x, y] = shape.corner;
    const auto [width, height] = shape.size;
    (*this)(Polyline{
        {{x, y},
         {x + width, y},
         {x + width, y + height},
         {x, y + height},
         {x, y}},
        shape.outline});
  }

  void operator()(const Circle& shape) {
    const bool ring = shape.hole > 0;
    const double radius = ring ? (shape.radius + shape.hole) / 2 : shape.radius;
    cv::circle(
        image_,
        fine(shape.centre),
        std::max(1, int(std::lround(radius * unit_ * (1 << kShift)))),
        bgr(shape.fill),
        ring ? thickness(shape.radius - shape.hole) : int(cv::FILLED),
        cv::LINE_AA,
        kShift
    );
  }

  void operator()(const Text& text) {
    if (text.upwards)
      draw_upwards(text);
    else
      put(image_, text, {text.baseline.x * unit_, text.baseline.y * unit_});
  }

  void operator()(const Raster& raster) {
    const cv::Rect area = pixels(raster.corner, raster.size);
    const cv::Rect seen = area & bounds();
    if (seen.empty()) return;
    cv::Mat scaled;
    cv::resize(to_mat(raster), scaled, area.size(), 0, 0, cv::INTER_NEAREST);
    scaled(seen - area.tl()).copyTo(image_(seen));
  }

 private:
  cv::Rect bounds() const { return {0, 0, image_.cols, image_.rows}; }

  /// The nearest corner between pixels.
  cv::Point pixel(Point point) const {
    return {
        int(std::lround(point.x * unit_)), int(std::lround(point.y * unit_))};
  }

  cv::Rect pixels(Point corner, Size size) const {
    return {
        pixel(corner), pixel({corner.x + size.width, corner.y + size.height})};
  }

  /// OpenCV counts from the centre of the first pixel, not from its corner.
  cv::Point fine(Point point) const {
    const auto at = [&](double value) {
      return int(std::lround((value * unit_ - 0.5) * (1 << kShift)));
    };
    return {at(point.x), at(point.y)};
  }

  /// The width to give OpenCV for a line `width` wide.
  int thickness(double width) const {
    // Smoothed lines of an even thickness come out this much wider; those of
    // an odd one by another pixel.
    constexpr double kWidening = 1.7;
    const int pairs = int(std::lround((width * unit_ - kWidening) / 2));
    return std::max(1, 2 * pairs);
  }

  void draw_solid(const std::vector<Point>& points, const Stroke& stroke) {
    std::vector<cv::Point> line;
    for (const Point& point : points) line.push_back(fine(point));
    cv::polylines(
        image_,
        line,
        false,
        bgr(stroke.color),
        thickness(stroke.width),
        cv::LINE_AA,
        kShift
    );
  }

  /// Walks along the line, drawing every other dash.
  void draw_dashed(const std::vector<Point>& points, const Stroke& stroke) {
    std::size_t dash = 0;
    double left = stroke.dashes[0];
    std::vector<Point> piece;
    for (std::size_t i = 0; i < points.size(); ++i) {
      if (i > 0) {
        Point from = points[i - 1];
        double length = std::hypot(points[i].x - from.x, points[i].y - from.y);
        while (length > left) {
          from.x += (points[i].x - from.x) * left / length;
          from.y += (points[i].y - from.y) * left / length;
          length -= left;
          piece.push_back(from);
          if (dash % 2 == 0) draw_solid(piece, stroke);
          piece = {from};
          ++dash;
          // Dashes of no length would never end.
          left = std::max(0.1, stroke.dashes[dash % stroke.dashes.size()]);
        }
        left -= length;
      }
      piece.push_back(points[i]);
    }
    if (dash % 2 == 0) draw_solid(piece, stroke);
  }

  void put(cv::Mat& image, const Text& text, cv::Point2d at) {
    const double height = text.size * unit_;
    const double width = letters_width(text.text, height, text.bold);
    if (text.align == Align::centre) at.x -= width / 2;
    if (text.align == Align::right) at.x -= width;
    draw_letters(image, text.text, at, {height, text.bold, bgr(text.color)});
  }

  /// Turns the place of the text so that it reads from left to right, and back.
  void draw_upwards(const Text& text) {
    const cv::Point at = pixel(text.baseline);
    const int high = int(std::ceil(text.size * unit_));
    const int wide =
        int(std::ceil(text_width(text.text, text.size, text.bold) * unit_));
    // Room for any alignment.
    const cv::Rect around(
        at.x - 2 * high, at.y - wide - high, 3 * high, 2 * (wide + high)
    );
    const cv::Rect place = around & bounds();
    if (place.empty()) return;
    cv::Mat turned;
    cv::rotate(image_(place), turned, cv::ROTATE_90_CLOCKWISE);
    put(turned, text, {double(place.br().y - at.y), double(at.x - place.x)});
    cv::rotate(turned, turned, cv::ROTATE_90_COUNTERCLOCKWISE);
    turned.copyTo(image_(place));
  }

  cv::Mat& image_;
  const double unit_;
};

}  // namespace

cv::Mat to_mat(const Raster& raster) {
  const auto expected =
      std::size_t(std::max(0, raster.rows)) * std::max(0, raster.columns) * 3;
  if (expected == 0 || raster.rgb.size() != expected)
    throw std::logic_error("a raster without rows x columns x 3 bytes");
  cv::Mat image;
  cv::cvtColor(
      cv::Mat(
          raster.rows,
          raster.columns,
          CV_8UC3,
          const_cast<uint8_t*>(raster.rgb.data())
      ),
      image,
      cv::COLOR_RGB2BGR
  );
  return image;
}

std::string encode_png(const cv::Mat& image) {
  if (image.type() != CV_8UC1 && image.type() != CV_8UC3)
    throw std::logic_error("a PNG of pixels that are neither grey nor BGR");
  png_image header = {};
  header.version = PNG_IMAGE_VERSION;
  header.width = png_uint_32(image.cols);
  header.height = png_uint_32(image.rows);
  header.format = image.channels() == 1 ? PNG_FORMAT_GRAY : PNG_FORMAT_BGR;
  // Not a vector, which would fill with zeros what is hardly used.
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(header);
  const std::unique_ptr<char[]> bytes(new char[size]);
  if (png_image_write_to_memory(
          &header,
          bytes.get(),
          &size,
          /*convert_to_8bit=*/0,
          image.data,
          png_int_32(image.step),
          /*colormap=*/nullptr
      ) == 0)
    throw std::runtime_error(std::string("libpng: ") + header.message);
  return {bytes.get(), size};
}

std::string to_png(const Drawing& drawing, double scale) {
  const double width = std::ceil(drawing.size.width * scale);
  const double height = std::ceil(drawing.size.height * scale);
  if (!(width >= 1 && height >= 1))
    throw std::logic_error("a drawing without area has no PNG");
  const double finer = kSupersampling * kSupersampling;
  const int more =
      width * height * finer > kMaxCanvasPixels ? 1 : kSupersampling;
  const cv::Size size{int(width), int(height)};

  cv::Mat image(size * more, CV_8UC3, bgr(kPaper));
  Canvas canvas(image, scale * more);
  for (const Shape& shape : drawing.shapes) std::visit(canvas, shape);
  if (more > 1) {
    cv::Mat reduced;
    cv::resize(image, reduced, size, 0, 0, cv::INTER_AREA);
    image = reduced;
  }
  return encode_png(image);
}

}  // namespace digitorch
