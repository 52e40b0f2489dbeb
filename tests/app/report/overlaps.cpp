#include "tests/app/report/overlaps.h"

#include "app/report/drawing/layout.h"

#include <stdexcept>
#include <utility>

namespace digitorch::testing {
namespace {

struct Box {
  double left, top, right, bottom;
  std::string text;
};

// Parts of the font's height above and below the baseline: of "d" and "g".
constexpr double kAbove = 0.74;
constexpr double kBelow = 0.22;

Box box_of(const Text& text) {
  const double width = text_width(text.text, text.size, text.bold);
  double before = 0;  // the baseline's point, from the text's beginning
  if (text.align == Align::centre) before = width / 2;
  if (text.align == Align::right) before = width;
  const auto [x, y] = text.baseline;
  const double above = kAbove * text.size;
  const double below = kBelow * text.size;
  if (text.upwards)
    return {x - above, y - (width - before), x + below, y + before, text.text};
  return {x - before, y - above, x + width - before, y + below, text.text};
}

bool overlap(const Box& a, const Box& b) {
  return a.left < b.right && b.left < a.right && a.top < b.bottom &&
         b.top < a.bottom;
}

[[noreturn]] void fail(const std::string& svg, std::size_t at) {
  throw std::runtime_error("not XML at: " + svg.substr(at, 40));
}

/// Where text from `at` on ends with `stop`.
std::size_t end_of_text(const std::string& svg, std::size_t at, char stop) {
  for (; at < svg.size() && svg[at] != stop; ++at) {
    const auto byte = static_cast<unsigned char>(svg[at]);
    if (svg[at] == '<' || (byte < 0x20 && svg[at] != '\n')) fail(svg, at);
    if (svg[at] != '&') continue;
    bool known = false;
    for (const char* entity : {"&amp;", "&lt;", "&gt;", "&quot;"})
      known = known || svg.compare(at, std::string(entity).size(), entity) == 0;
    if (!known) fail(svg, at);
  }
  return at;
}

struct Tag {
  std::string name;
  bool closes = false;  ///< </name>
  bool alone = false;   ///< <name/>
  std::size_t end = 0;
};

Tag read_tag(const std::string& svg, std::size_t at) {
  const char* letters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
  const auto take = [&](const std::string& expected) {
    if (svg.compare(at, expected.size(), expected) != 0) return false;
    at += expected.size();
    return true;
  };
  const auto word = [&] {
    const std::size_t end = svg.find_first_not_of(letters, at);
    if (end == at || end == std::string::npos) fail(svg, at);
    const std::string found = svg.substr(at, end - at);
    at = end;
    return found;
  };
  Tag tag;
  take("<");
  tag.closes = take("/");
  tag.name = word();
  while (take(" ")) {
    word();
    if (!take("=\"")) fail(svg, at);
    at = end_of_text(svg, at, '"') + 1;
  }
  tag.alone = take("/");
  if (!take(">")) fail(svg, at);
  tag.end = at;
  return tag;
}

}  // namespace

std::vector<std::string> illegible(const Drawing& drawing) {
  std::vector<std::string> faults;
  std::vector<Box> boxes;
  for (const Shape& shape : drawing.shapes) {
    const auto* text = std::get_if<Text>(&shape);
    if (text == nullptr) continue;
    const Box box = box_of(*text);
    if (box.left < 0 || box.top < 0 || box.right > drawing.size.width ||
        box.bottom > drawing.size.height)
      faults.push_back("'" + box.text + "' leaves the drawing");
    for (const Box& other : boxes)
      if (overlap(box, other))
        faults.push_back("'" + box.text + "' is on '" + other.text + "'");
    boxes.push_back(box);
  }
  return faults;
}

std::vector<std::string> texts_of(const Drawing& drawing) {
  std::vector<std::string> texts;
  for (const Shape& shape : drawing.shapes)
    if (const auto* text = std::get_if<Text>(&shape))
      texts.push_back(text->text);
  return texts;
}

int count_elements(const std::string& svg, const std::string& name) {
  std::vector<std::string> open;
  int count = 0;
  std::size_t at = 0;
  while (at < svg.size()) {
    if (svg[at] != '<') {
      at = end_of_text(svg, at, '<');
      continue;
    }
    const Tag tag = read_tag(svg, at);
    at = tag.end;
    if (tag.closes) {
      if (open.empty() || open.back() != tag.name)
        throw std::runtime_error("</" + tag.name + "> closes nothing");
      open.pop_back();
      continue;
    }
    if (tag.name == name) ++count;
    if (!tag.alone) open.push_back(tag.name);
  }
  if (!open.empty()) throw std::runtime_error("<" + open.back() + "> is open");
  return count;
}

}  // namespace digitorch::testing
