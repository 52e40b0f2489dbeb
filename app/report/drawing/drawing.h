// A picture made of lines, shapes, text and pixels, as a value. The same value
// is written as SVG (svg.h) and as PNG (png.h).
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace digitorch {

struct Color {
  uint8_t red = 0;
  uint8_t green = 0;
  uint8_t blue = 0;
  bool operator==(const Color&) const = default;
};

inline constexpr Color kInk{34, 34, 34};       // text and axes
inline constexpr Color kFaint{222, 222, 222};  // grid lines
inline constexpr Color kPaper{255, 255, 255};

/// Coordinates from the top left corner, in pixels of the SVG.
struct Point {
  double x = 0;
  double y = 0;
};

struct Size {
  double width = 0;
  double height = 0;
};

struct Stroke {
  Color color = kInk;
  double width = 1;
  std::vector<double> dashes;  ///< Lengths on, off, on, ...; empty: solid.
};

struct Polyline {
  std::vector<Point> points;
  Stroke stroke;
};

struct Rectangle {
  Point corner;  ///< Top left.
  Size size;
  Color fill = kPaper;
  bool outlined = false;
  Stroke outline;
};

struct Circle {
  Point centre;
  double radius = 1;
  Color fill = kInk;
  double hole = 0;  ///< Radius of a transparent part in the middle.
};

enum class Align { left, centre, right };

struct Text {
  Point baseline;  ///< Left end, middle or right end, by `align`.
  std::string text;
  double size = 12;  ///< The font's height.
  Align align = Align::left;
  bool bold = false;
  bool upwards = false;  ///< Rotated by 90 degrees counterclockwise.
  Color color = kInk;
};

/// Pixels, drawn as rectangles without interpolation.
struct Raster {
  Point corner;
  Size size;
  int columns = 0;
  int rows = 0;
  std::vector<uint8_t> rgb;  ///< rows x columns x 3.
};

using Shape = std::variant<Polyline, Rectangle, Circle, Text, Raster>;

struct Drawing {
  Size size;
  std::vector<Shape> shapes;  ///< Later shapes cover earlier ones.

  void add(Shape);
  /// Adds all shapes of another drawing, moved by `offset`.
  void add(const Drawing& other, Point offset);
};

}  // namespace digitorch
