// Tables of numbers and a picture as one HTML file, in the style of the report.
#pragma once

#include <string>
#include <vector>

#include "app/report/drawing/drawing.h"

namespace digitorch {

/// A table of texts. All rows have as many cells as the heading.
struct TextTable {
  std::string title;
  std::string note;  ///< Such as the formula of its columns; may be empty.
  std::vector<std::string> heading;
  std::vector<std::vector<std::string>> rows;
};

struct Lesson {
  std::string title;
  std::string summary;               ///< One line below the title.
  std::vector<std::string> results;  ///< Sentences.
  std::vector<TextTable> tables;
  Drawing picture;
};

/// The whole page.
std::string html_lesson(const Lesson&);

}  // namespace digitorch
