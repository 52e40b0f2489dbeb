#include "app/report/drawing/layout.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <sstream>

#include "app/report/drawing/letters.h"

namespace digitorch {

double text_width(const std::string& text, double size, bool bold) {
  // Letters that are boxes in the PNG may be wider squares in a browser.
  constexpr double kWiderSquare = 0.4;
  return letters_width(text, size, bold) +
         kWiderSquare * size * boxed_letters(text);
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

std::vector<std::string> wrapped(
    const std::string& text, double size, double width
) {
  std::vector<std::string> lines;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    word = shortened(word, size, width);
    if (!lines.empty() && text_width(lines.back() + " " + word, size) <= width)
      lines.back() += " " + word;
    else
      lines.push_back(std::move(word));
  }
  return lines;
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
      // The width at this size is that of the room, but for rounding.
      shortened(title, size, room + 0.5, true),
      size,
      Align::centre,
      true});
}

void add_note(Drawing& drawing, const std::string& text) {
  if (text.empty()) return;
  constexpr double kNarrowest = 260;
  const double room = std::max(drawing.size.width - 2 * kMargin, kNarrowest);
  drawing.size.width = room + 2 * kMargin;
  drawing.size.height += 6;
  for (const std::string& line : wrapped(text, kSmallSize, room)) {
    drawing.add(Text{
        {kMargin, drawing.size.height - kMargin + kSmallSize}, line, kSmallSize}
    );
    drawing.size.height += line_height(kSmallSize);
  }
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
