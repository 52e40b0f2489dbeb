#include "app/report/drawing/layout.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "app/report/drawing/letters.h"

namespace digitorch {

double text_width(const std::string& text, double size, bool bold) {
  // At 100 pixels a letter's width is known to a hundredth of the font's size.
  constexpr double kMeasured = 100;
  constexpr double kBoldWidening = 1.1;
  // Letters that are boxes in the PNG may be wider squares in a browser.
  constexpr double kWiderSquare = 0.4;
  const double width =
      letters_width(text, kLetterScale * kMeasured) / kMeasured +
      kWiderSquare * boxed_letters(text);
  return width * size * (bold ? kBoldWidening : 1);
}

double widest(const std::vector<std::string>& texts, double size) {
  double max = 0;
  for (const std::string& text : texts)
    max = std::max(max, text_width(text, size));
  return max;
}

std::string shortened(
    const std::string& text, double size, double width, bool bold
) {
  if (text_width(text, size, bold) <= width) return text;
  const auto begins_letter = [&](std::size_t at) {
    return (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
  };
  // No letter is narrower than a twentieth of the font's height.
  auto kept = std::min(text.size(), std::size_t(20 * width / size));
  std::string cut;
  do {
    while (kept > 0 && kept < text.size() && !begins_letter(kept)) --kept;
    cut = text.substr(0, kept) + "...";
  } while (kept-- > 0 && text_width(cut, size, bold) > width);
  return cut;
}

std::vector<std::string> shortened(
    std::vector<std::string> texts, double size, double width
) {
  for (std::string& text : texts) text = shortened(text, size, width);
  return texts;
}

void add_title(Drawing& drawing, const std::string& title) {
  if (title.empty()) return;
  const double room = drawing.size.width - 2 * kMargin;
  const double size = std::clamp(
      kTitleSize * room / text_width(title, kTitleSize, true),
      kSmallSize,
      kTitleSize
  );
  drawing.add(Text{
      {drawing.size.width / 2, kMargin + kTitleSize * 0.75},
      shortened(title, size, room, true),
      size,
      Align::centre,
      true});
}

double title_height(const std::string& title) {
  return title.empty() ? 0 : kTitleSize + kMargin;
}

std::string grouped(int64_t number) {
  std::string digits = std::to_string(number);
  const std::size_t first = number < 0 ? 1 : 0;
  for (std::size_t at = digits.size(); at > first + 3;)
    digits.insert(at -= 3, 1, ',');
  return digits;
}

std::string percent_text(double fraction, int decimals) {
  char text[400];  // more than the longest number has
  const auto written = std::to_chars(
      text,
      text + sizeof text,
      fraction * 100,
      std::chars_format::fixed,
      decimals
  );
  return std::string(text, written.ptr) + " %";
}

std::string number_text(double value, int digits) {
  char text[32];
  const auto written = std::to_chars(
      text, text + sizeof text, value, std::chars_format::general, digits
  );
  return {text, written.ptr};
}

std::string shape_text(const std::vector<int64_t>& shape) {
  std::string text;
  for (const int64_t length : shape)
    text += (text.empty() ? "" : " x ") + std::to_string(length);
  return text;
}

}  // namespace digitorch
