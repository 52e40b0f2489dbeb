// A picture made of lines, shapes, text and pixels, as a value. The same
// drawing becomes SVG or PNG, so every picture is described once.
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

/// In pixels of the SVG, from the left and from the top.
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
  double hole = 0;  ///< Radius of the inner part that shows what is below.
};

enum class Align { left, centre, right };

struct Text {
  Point baseline;  ///< Of the first, middle or last letter, as aligned.
  std::string text;
  double size = 12;  ///< Height of the font.
  Align align = Align::left;
  bool bold = false;
  bool upwards = false;  ///< Turned to be read from below.
  Color color = kInk;
};

/// Pixels shown as squares, without smoothing.
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
  std::vector<Shape> shapes;  ///< Later ones cover earlier ones.

  void add(Shape shape) { shapes.push_back(std::move(shape)); }
  /// Adds all shapes of the other, moved by `offset`.
  void add(const Drawing& other, Point offset);
};

}  // namespace digitorch
