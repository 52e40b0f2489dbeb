// The font inside the program, through FreeType.
#pragma once

#include <freetype/freetype.h>

#include <mutex>

namespace digitorch {

/// A face of the font that no other thread uses meanwhile.
class Font {
 public:
  /// size: the font's height in pixels, > 0. Waits for other threads.
  Font(double size, bool bold);

  bool has(char32_t) const;

  /// The distance from the start of a character that the font has to that of
  /// the next, as a part of the font's height.
  double advance(char32_t) const;

  /// The outline of the character, without hinting. It is the font's until
  /// another is loaded.
  FT_GlyphSlot load(char32_t) const;

 private:
  std::lock_guard<std::mutex> lock_;
  FT_Face face_;
};

}  // namespace digitorch
