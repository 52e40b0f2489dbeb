#include "app/report/drawing/letters.h"

#include <fmt/format.h>
#include <freetype/ftoutln.h>

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <string_view>

#include "app/report/drawing/font.h"
#include "app/system/text.h"

namespace digitorch {
namespace {

// A box around the code of a character that the font lacks, as parts of the
// font's height.
constexpr double kBoxAdvance = 0.78;
constexpr double kBoxWidth = 0.66;
constexpr double kBoxDigits = 0.3;  // height of the font of the code

std::u32string characters_of(std::string_view text) {
  std::u32string characters;
  while (!text.empty()) {
    const char32_t code = take_character(text).value_or(U'\uFFFD');
    if (!is_control(code)) characters.push_back(code);
  }
  return characters;
}

/// Blends `color` over the image where the glyph is, whose top left corner is
/// `corner`.
void blend(
    cv::Mat& image,
    const FT_Bitmap& glyph,
    cv::Point corner,
    const cv::Scalar& color
) {
  const cv::Rect area(
      corner.x,
      corner.y,
      static_cast<int>(glyph.width),
      static_cast<int>(glyph.rows)
  );
  const cv::Rect seen = area & cv::Rect({}, image.size());
  for (int y = seen.y; y < seen.br().y; ++y) {
    const unsigned char* coverage =
        glyph.buffer + static_cast<std::ptrdiff_t>(y - corner.y) * glyph.pitch;
    for (int x = seen.x; x < seen.br().x; ++x) {
      const double part = coverage[x - corner.x] / 255.0;
      auto& pixel = image.at<cv::Vec3b>(y, x);
      for (int channel = 0; channel < 3; ++channel)
        pixel[channel] = cv::saturate_cast<uint8_t>(
            pixel[channel] + part * (color[channel] - pixel[channel])
        );
    }
  }
}

/// Draws characters from left to right.
class LetterPainter {
 public:
  LetterPainter(cv::Mat& image, cv::Point2d origin, const Lettering& lettering)
      : image_(image), at_(origin), lettering_(lettering) {}

  void draw(const std::u32string& characters) {
    for (const char32_t code : characters) {
      bool known = false;
      {
        const Font font(lettering_.size, lettering_.bold);
        known = font.has(code);
        if (known) draw_glyph(font, code);
      }
      if (!known) draw_box(code);
    }
  }

 private:
  void draw_glyph(const Font& font, char32_t code) {
    FT_GlyphSlot glyph = font.load(code);
    const double column = std::floor(at_.x);
    const double row = std::floor(at_.y);
    if (lettering_.outline > 0) {
      const auto grown = std::lround(2 * lettering_.outline * 64);
      FT_Outline_Embolden(&glyph->outline, grown);
      FT_Outline_Translate(&glyph->outline, -grown / 2, -grown / 2);
    }
    FT_Outline_Translate(
        &glyph->outline,
        std::lround((at_.x - column) * 64),
        -std::lround((at_.y - row) * 64)
    );
    if (FT_Render_Glyph(glyph, FT_RENDER_MODE_NORMAL) == 0)
      blend(
          image_,
          glyph->bitmap,
          {static_cast<int>(column) + glyph->bitmap_left,
           static_cast<int>(row) - glyph->bitmap_top},
          lettering_.color
      );
    at_.x += lettering_.size * font.advance(code);
  }

  /// The code in two rows of digits, as large as fits into the box.
  void draw_box(char32_t code) {
    constexpr int kBits = 4;  // of a pixel
    const double size = lettering_.size;
    const double left = at_.x + (kBoxAdvance - kBoxWidth) / 2 * size;
    const double height = kCapitalHeight * size;
    const auto fine = [&](double x, double y) {
      return cv::Point(cvRound(x * (1 << kBits)), cvRound(y * (1 << kBits)));
    };
    cv::rectangle(
        image_,
        fine(left, at_.y - height),
        fine(left + kBoxWidth * size, at_.y),
        lettering_.color,
        std::max(1, cvRound(size / 16)),
        cv::LINE_AA,
        kBits
    );
    const std::string digits = fmt::format(
        "{:0{}X}", static_cast<unsigned>(code), code > 0xFFFF ? 6 : 4
    );
    const std::size_t half = digits.size() / 2;
    for (const std::size_t row : {0, 1}) {
      const std::string part = digits.substr(row * half, half);
      const double digits_size = std::min(
          kBoxDigits * size,
          size * (kBoxWidth - 0.1) * size / letters_width(part, size)
      );
      const double width = letters_width(part, digits_size);
      Lettering small = lettering_;
      small.size = digits_size;
      small.bold = false;
      draw_letters(
          image_,
          part,
          {left + (kBoxWidth * size - width) / 2,
           at_.y - height * (row == 0 ? 0.56 : 0.12)},
          small
      );
    }
    at_.x += kBoxAdvance * size;
  }

  cv::Mat& image_;
  cv::Point2d at_;
  const Lettering& lettering_;
};

}  // namespace

void draw_letters(
    cv::Mat& image,
    const std::string& text,
    cv::Point2d origin,
    const Lettering& lettering
) {
  LetterPainter(image, origin, lettering).draw(characters_of(text));
}

double letters_width(const std::string& text, double size, bool bold) {
  const Font font(size, bold);
  double width = 0;
  for (const char32_t code : characters_of(text))
    width += font.has(code) ? font.advance(code) : kBoxAdvance;
  return width * size;
}

int boxed_letters(const std::string& text) {
  const Font font(1, false);
  const std::u32string all = characters_of(text);
  return static_cast<int>(std::count_if(
      all.begin(), all.end(), [&](char32_t c) { return !font.has(c); }
  ));
}

}  // namespace digitorch
