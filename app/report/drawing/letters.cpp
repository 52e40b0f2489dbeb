#include "app/report/drawing/letters.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <opencv2/imgproc.hpp>
#include <string_view>
#include <vector>

#include "app/system/text.h"

namespace digitorch {
namespace {

constexpr int kLetterFace = cv::FONT_HERSHEY_SIMPLEX;

// Lengths below are in the units of Hershey's letters, upwards from the
// baseline; strokes are given relative to the middle of their letter.
constexpr double kSmallLetterHeight = 14;
constexpr double kBoxAdvance = 24;
constexpr double kBoxWidth = 18;

using Strokes = std::vector<std::vector<cv::Point2d>>;

/// Where the strokes of an accent are measured from.
enum class Anchor { top, baseline };

struct Accent {
  Anchor anchor;
  Strokes strokes;
  /// Letters with this accent, and in the same order what they are without.
  std::u32string_view letters;
  std::string_view bases;
};

const std::vector<Accent>& accents() {
  static const std::vector<Accent> table = {
      {Anchor::top, {{{-3, 8}, {1, 3}}}, U"ÀÈÌÒÙàèìòùǸǹẀẁ", "AEIOUaeiouNnWw"},
      {Anchor::top,
       {{{3, 8}, {-1, 3}}},
       U"ÁÉÍÓÚÝáéíóúýĆćĹĺŃńŔŕŚśŹźẂẃ",
       "AEIOUYaeiouyCcLlNnRrSsZzWw"},
      {Anchor::top,
       {{{-4, 3}, {0, 8}, {4, 3}}},
       U"ÂÊÎÔÛâêîôûĈĉĜĝĤĥŜŝŴŵŶŷ",
       "AEIOUaeiouCcGgHhSsWwYy"},
      {Anchor::top,
       {{{-4, 8}, {0, 3}, {4, 8}}},
       U"ČčĎĚěŇňŘřŠšŤŽžǍǎǏǐǑǒǓǔ",
       "CcDEeNnRrSsTZzAaIiOoUu"},
      {Anchor::top,
       {{{-5, 4}, {-3, 6.5}, {-1, 6.5}, {1, 4.5}, {3, 4.5}, {5, 7}}},
       U"ÃÑÕãñõĨĩŨũ",
       "ANOanoIiUu"},
      {Anchor::top,
       {{{-3.5, 5.5}, {-3.5, 5.5}}, {{3.5, 5.5}, {3.5, 5.5}}},
       U"ÄËÏÖÜäëïöüÿŸẄẅ",
       "AEIOUaeiouyYWw"},
      {Anchor::top,
       {{{0, 9},
         {2.5, 7.5},
         {2.5, 4.5},
         {0, 3},
         {-2.5, 4.5},
         {-2.5, 7.5},
         {0, 9}}},
       U"ÅåŮů",
       "AaUu"},
      {Anchor::top, {{{-4.5, 5}, {4.5, 5}}}, U"ĀāĒēĪīŌōŪū", "AaEeIiOoUu"},
      {Anchor::top,
       {{{-4, 8}, {-2.5, 4.5}, {0, 3.5}, {2.5, 4.5}, {4, 8}}},
       U"ĂăĔĕĞğĬĭŎŏŬŭ",
       "AaEeGgIiOoUu"},
      {Anchor::top, {{{0, 5.5}, {0, 5.5}}}, U"ĊċĖėĠġİŻż", "CcEeGgIZz"},
      {Anchor::top, {{{0, 8}, {-3.5, 3}}, {{5, 8}, {1.5, 3}}}, U"ŐőŰű", "OoUu"},
      // The caron of tall small letters is an apostrophe to their right.
      {Anchor::baseline, {{{8, 21}, {6.5, 16}}}, U"ď", "d"},
      {Anchor::baseline, {{{5, 21}, {3.5, 16}}}, U"ľť", "lt"},
      {Anchor::baseline,
       {{{0, 0}, {0.5, -2}, {2.5, -3.5}, {2, -6}, {-1.5, -6.5}}},
       U"ÇçŞşŢţ",
       "CcSsTt"},
      {Anchor::baseline,
       {{{4, 0}, {2, -3}, {2.5, -5.5}, {5, -6}}},
       U"ĄąĘęĮįŲų",
       "AaEeIiUu"},
      {Anchor::baseline,
       {{{0.5, -3.5}, {-1, -7}}},
       U"ĶķĻļŅņŖŗȘșȚț",
       "KkLlNnRrSsTt"},
      {Anchor::baseline, {{{-6, -1.5}, {6, 15.5}}}, U"ø", "o"},
      {Anchor::baseline, {{{-8, -1.5}, {8, 22.5}}}, U"Ø", "O"},
      {Anchor::baseline, {{{-3, 7}, {3, 12}}}, U"ł", "l"},
      {Anchor::baseline, {{{-9, 7}, {-1, 13}}}, U"Ł", "L"},
      {Anchor::baseline, {{{0, 17}, {8, 17}}}, U"đð", "dd"},
      {Anchor::baseline, {{{-11, 11}, {-2, 11}}}, U"ĐÐ", "DD"},
      {Anchor::baseline, {}, U"ı", "i"},
  };
  return table;
}

struct Spelling {
  char32_t letter;
  std::string_view ascii;
};

constexpr std::array kSpellings{
    Spelling{U'Æ', "AE"},     Spelling{U'æ', "ae"},
    Spelling{U'Œ', "OE"},     Spelling{U'œ', "oe"},
    Spelling{U'ß', "ss"},     Spelling{U'Þ', "Th"},
    Spelling{U'þ', "th"},     Spelling{U'×', "x"},
    Spelling{U'·', "."},      Spelling{U'\u00A0', " "},
    Spelling{U'\u2010', "-"}, Spelling{U'\u2011', "-"},
    Spelling{U'–', "-"},      Spelling{U'—', "-"},
    Spelling{U'−', "-"},      Spelling{U'‘', "'"},
    Spelling{U'’', "'"},      Spelling{U'“', "\""},
    Spelling{U'”', "\""},     Spelling{U'„', "\""},
    Spelling{U'…', "..."}};

/// Part of a text that is drawn in one way.
struct Span {
  std::string ascii;               ///< Drawn as it is, unless there is a box.
  const Accent* accent = nullptr;  ///< Added to `ascii`, which is one letter.
  char32_t boxed = 0;              ///< Drawn as a box around this code.
};

Span span_of(char32_t letter) {
  for (const Spelling& spelling : kSpellings)
    if (spelling.letter == letter) return {std::string(spelling.ascii)};
  for (const Accent& accent : accents())
    if (const auto at = accent.letters.find(letter);
        at != std::u32string_view::npos)
      return {std::string(1, accent.bases[at]), &accent};
  return {.ascii = {}, .boxed = letter};
}

std::vector<Span> spans_of(std::string_view text) {
  std::vector<Span> spans;
  const auto add = [&](Span span) {
    const auto is_plain = [](const Span& each) {
      return each.accent == nullptr && each.boxed == 0;
    };
    if (is_plain(span) && !spans.empty() && is_plain(spans.back()))
      spans.back().ascii += span.ascii;
    else
      spans.push_back(std::move(span));
  };
  while (!text.empty()) {
    const char32_t letter = take_character(text).value_or(U'\uFFFD');
    if (is_control(letter)) continue;
    if (letter < 0x7F)
      add({std::string(1, static_cast<char>(letter))});
    else
      add(span_of(letter));
  }
  return spans;
}

/// From the start of the span to that of the next one.
double advance_of(const Span& span) {
  if (span.boxed != 0) return kBoxAdvance;
  int ignored = 0;
  // At the scale 1 and without thickness this is a sum of whole units.
  return cv::getTextSize(span.ascii, kLetterFace, 1, 0, &ignored).width;
}

/// Draws the parts of one line of text.
class LetterPainter {
 public:
  LetterPainter(cv::Mat& image, cv::Point origin, const Lettering& lettering)
      : image_(image), origin_(origin), lettering_(lettering) {}

  void draw(const Span& span) {
    const double advance = advance_of(span);
    if (span.boxed != 0)
      draw_box(span.boxed, advance / 2);
    else if (span.accent == nullptr)
      put(span.ascii, 0, 0, 1);
    else
      draw_accented(span, advance / 2);
    x_ += advance;
  }

 private:
  void put(const std::string& ascii, double dx, double y, double factor) {
    const cv::Point at(
        origin_.x + cvRound((x_ + dx) * lettering_.scale),
        origin_.y - cvRound(y * lettering_.scale)
    );
    cv::putText(
        image_,
        ascii,
        at,
        kLetterFace,
        factor * lettering_.scale,
        lettering_.color,
        factor < 1 ? std::max(1, lettering_.stem / 3) : lettering_.stem,
        cv::LINE_AA
    );
  }

  void draw_strokes(const Strokes& strokes, double middle, double bottom) {
    constexpr int kBits = 4;  // of a pixel
    for (const auto& stroke : strokes) {
      std::vector<cv::Point> line;
      for (const cv::Point2d& point : stroke)
        line.emplace_back(
            cvRound(
                (origin_.x + (x_ + middle + point.x) * lettering_.scale) *
                (1 << kBits)
            ),
            cvRound(
                (origin_.y - (bottom + point.y) * lettering_.scale) *
                (1 << kBits)
            )
        );
      cv::polylines(
          image_,
          line,
          false,
          lettering_.color,
          lettering_.stem,
          cv::LINE_AA,
          kBits
      );
    }
  }

  void draw_accented(const Span& span, double middle) {
    const char base = span.ascii[0];
    const bool above = span.accent->anchor == Anchor::top;
    const bool dotless = base == 'i' && (above || span.accent->strokes.empty());
    if (dotless)
      draw_strokes({{{0, 0}, {0, kSmallLetterHeight}}}, middle, 0);
    else
      put(span.ascii, 0, 0, 1);
    const bool tall =
        std::strchr("bdfhklt", base) != nullptr || (base >= 'A' && base <= 'Z');
    const double top = tall ? kCapitalHeight : kSmallLetterHeight;
    draw_strokes(span.accent->strokes, middle, above ? top : 0);
  }

  /// The code in two rows of digits, as large as fits into the box.
  void draw_box(char32_t code, double middle) {
    const std::string digits = fmt::format(
        "{:0{}X}", static_cast<unsigned>(code), code > 0xFFFF ? 6 : 4
    );
    const std::size_t half_length = digits.size() / 2;
    const double half = kBoxWidth / 2;
    draw_strokes(
        {{{-half, 0},
          {half, 0},
          {half, kCapitalHeight},
          {-half, kCapitalHeight},
          {-half, 0}}},
        middle,
        0
    );
    constexpr double kDigitAdvance = 20;
    constexpr double kInside = kBoxWidth - 4;
    const double width = kDigitAdvance * double(half_length);
    const double factor = std::min(0.35, kInside / width);
    for (const std::size_t row : {0, 1})
      put(digits.substr(row * half_length, half_length),
          middle - factor * width / 2,
          row == 0 ? 12 : 2,
          factor);
  }

  cv::Mat& image_;
  const cv::Point origin_;
  const Lettering& lettering_;
  double x_ = 0;
};

}  // namespace

void draw_letters(
    cv::Mat& image,
    const std::string& text,
    cv::Point origin,
    const Lettering& lettering
) {
  LetterPainter painter(image, origin, lettering);
  for (const Span& span : spans_of(text)) painter.draw(span);
}

int letters_width(const std::string& text, double scale) {
  double width = 0;
  for (const Span& span : spans_of(text)) width += advance_of(span);
  return cvRound(width * scale + 1);
}

int boxed_letters(const std::string& text) {
  int count = 0;
  for (const Span& span : spans_of(text)) count += span.boxed != 0;
  return count;
}

}  // namespace digitorch
