#include "app/report/drawing/font.h"

#include <freetype/ftadvanc.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

// digitorch_embed() in CMake puts them around the files' bytes.
extern "C" const char digitorch_font_regular_begin[];
extern "C" const char digitorch_font_regular_end[];
extern "C" const char digitorch_font_bold_begin[];
extern "C" const char digitorch_font_bold_end[];

namespace digitorch {
namespace {

// FreeType counts in 1/64 of a pixel.
constexpr double kFine = 64;

// FreeType's objects are for one thread at a time.
std::mutex& font_mutex() {
  static std::mutex mutex;
  return mutex;
}

void check(FT_Error error, const char* what) {
  if (error != 0)
    throw std::logic_error(
        std::string("the font: ") + what + ": " + std::to_string(error)
    );
}

FT_Face open_face(const char* begin, const char* end) {
  static const FT_Library library = [] {
    FT_Library made = nullptr;
    check(FT_Init_FreeType(&made), "FT_Init_FreeType");
    return made;
  }();
  FT_Face face = nullptr;
  check(
      FT_New_Memory_Face(
          library,
          reinterpret_cast<const FT_Byte*>(begin),
          static_cast<FT_Long>(end - begin),
          0,
          &face
      ),
      "FT_New_Memory_Face"
  );
  return face;
}

FT_Face face_of(bool bold) {
  static const FT_Face regular =
      open_face(digitorch_font_regular_begin, digitorch_font_regular_end);
  static const FT_Face strong =
      open_face(digitorch_font_bold_begin, digitorch_font_bold_end);
  return bold ? strong : regular;
}

}  // namespace

Font::Font(double size, bool bold) : lock_(font_mutex()), face_(face_of(bold)) {
  const auto height = std::max<FT_F26Dot6>(
      1, static_cast<FT_F26Dot6>(std::lround(size * kFine))
  );
  check(FT_Set_Char_Size(face_, 0, height, 72, 72), "FT_Set_Char_Size");
}

bool Font::has(char32_t code) const {
  return FT_Get_Char_Index(face_, code) != 0;
}

double Font::advance(char32_t code) const {
  FT_Fixed units = 0;
  check(
      FT_Get_Advance(
          face_, FT_Get_Char_Index(face_, code), FT_LOAD_NO_SCALE, &units
      ),
      "FT_Get_Advance"
  );
  return static_cast<double>(units) / face_->units_per_EM;
}

FT_GlyphSlot Font::load(char32_t code) const {
  check(
      FT_Load_Char(face_, code, FT_LOAD_NO_HINTING | FT_LOAD_NO_BITMAP),
      "FT_Load_Char"
  );
  return face_->glyph;
}

}  // namespace digitorch
