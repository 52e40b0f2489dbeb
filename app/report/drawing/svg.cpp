#include "app/report/drawing/svg.h"

#include <charconv>
#include <cmath>
#include <stdexcept>

#include "app/report/drawing/base64.h"
#include "app/report/drawing/png.h"
#include "models/text/utf8.h"

namespace digitorch {
namespace {

/// With at most two decimals: finer than any screen shows.
std::string number(double value) {
  if (!std::isfinite(value))
    throw std::logic_error("a coordinate of a drawing is not a number");
  const double rounded = std::round(value * 100) / 100 + 0.0;  // no "-0"
  char text[64];
  const auto end = std::to_chars(text, text + sizeof text, rounded).ptr;
  return {text, end};
}

std::string attribute(const std::string& name, const std::string& value) {
  return " " + name + "=\"" + value + "\"";
}

std::string attribute(const std::string& name, double value) {
  return attribute(name, number(value));
}

std::string attribute(const std::string& name, Color color) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex = "#";
  for (const uint8_t part : {color.red, color.green, color.blue}) {
    hex += kDigits[part >> 4];
    hex += kDigits[part & 15];
  }
  return attribute(name, hex);
}

std::string attributes(const Stroke& stroke) {
  std::string dashes;
  for (const double length : stroke.dashes)
    dashes += (dashes.empty() ? "" : " ") + number(length);
  return attribute("stroke", stroke.color) +
         attribute("stroke-width", stroke.width) +
         (dashes.empty() ? "" : attribute("stroke-dasharray", dashes));
}

std::string attributes(Point corner, Size size) {
  return attribute("x", corner.x) + attribute("y", corner.y) +
         attribute("width", size.width) + attribute("height", size.height);
}

/// XML's text: without characters that XML cannot hold, with \xNN for bytes
/// that are not UTF-8.
std::string escaped(const std::string& text) {
  const std::string valid = escape_bytes(text);
  std::string xml;
  for (std::size_t i = 0; i < valid.size(); ++i) {
    const char c = valid[i];
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) continue;
    if (const auto letter = valid.substr(i, 3);
        letter == "\xEF\xBF\xBE" || letter == "\xEF\xBF\xBF") {
      i += 2;  // U+FFFE and U+FFFF
      continue;
    }
    if (c == '&')
      xml += "&amp;";
    else if (c == '<')
      xml += "&lt;";
    else if (c == '>')
      xml += "&gt;";
    else
      xml += c;
  }
  return xml;
}

std::string element(const Polyline& line) {
  std::string points;
  for (const Point& point : line.points)
    points +=
        (points.empty() ? "" : " ") + number(point.x) + "," + number(point.y);
  return "<polyline" + attribute("points", points) + attributes(line.stroke) +
         "/>";
}

std::string element(const Rectangle& shape) {
  return "<rect" + attributes(shape.corner, shape.size) +
         attribute("fill", shape.fill) +
         (shape.outlined ? attributes(shape.outline) : "") + "/>";
}

std::string element(const Circle& shape) {
  const std::string place =
      attribute("cx", shape.centre.x) + attribute("cy", shape.centre.y);
  if (shape.hole > 0) {
    return "<circle" + place + attribute("r", (shape.radius + shape.hole) / 2) +
           attributes(Stroke{shape.fill, shape.radius - shape.hole}) + "/>";
  }
  return "<circle" + place + attribute("r", shape.radius) +
         attribute("fill", shape.fill) + "/>";
}

std::string element(const Text& text) {
  std::string opened = "<text" + attribute("x", text.baseline.x) +
                       attribute("y", text.baseline.y) +
                       attribute("font-size", text.size) +
                       attribute("fill", text.color);
  if (text.align == Align::centre) opened += attribute("text-anchor", "middle");
  if (text.align == Align::right) opened += attribute("text-anchor", "end");
  if (text.bold) opened += attribute("font-weight", "bold");
  if (text.upwards) {
    opened += attribute(
        "transform",
        "rotate(-90 " + number(text.baseline.x) + " " +
            number(text.baseline.y) + ")"
    );
  }
  return opened + ">" + escaped(text.text) + "</text>";
}

std::string element(const Raster& raster) {
  return "<image" + attributes(raster.corner, raster.size) +
         attribute("preserveAspectRatio", "none") +
         attribute("image-rendering", "pixelated") +
         attribute(
             "href",
             "data:image/png;base64," + base64(encode_png(to_mat(raster)))
         ) +
         "/>";
}

}  // namespace

std::string to_svg(const Drawing& drawing) {
  const std::string width = number(drawing.size.width);
  const std::string height = number(drawing.size.height);
  std::string svg = "<svg" + attribute("xmlns", "http://www.w3.org/2000/svg") +
                    attribute("width", width) + attribute("height", height) +
                    attribute("viewBox", "0 0 " + width + " " + height) +
                    attribute("font-family", "Helvetica, Arial, sans-serif") +
                    attribute("fill", "none") +
                    // As the PNG's: round ends and corners.
                    attribute("stroke-linecap", "round") +
                    attribute("stroke-linejoin", "round") + ">\n";
  svg += element(Rectangle{{0, 0}, drawing.size, kPaper}) + "\n";
  for (const Shape& shape : drawing.shapes)
    svg +=
        std::visit([](const auto& any) { return element(any); }, shape) + "\n";
  return svg + "</svg>\n";
}

}  // namespace digitorch
