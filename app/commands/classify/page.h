// `digitorch classify --page`: tells all digits of a page, line by line.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/commands/classify/listed_pictures.h"
#include "app/predict/predictor.h"
#include "app/system/output_file.h"

namespace digitorch {

struct PageOutput {
  std::string format = "text";  ///< "text", "json" or "csv".
  /// The PNG file in which to draw the page with its digits, if any.
  std::optional<OutputFile> annotate;
  /// Whether the text form prints the path before the page's lines.
  bool tell_path = false;
};

/// Prints the first line of the csv form, which names its columns.
void print_page_csv_header();

/// Reads a picture of a page and prints its digits in reading order. Words, and
/// other components that are likelier no digit, are left out. The text form has
/// a line for each line of the page, with "?" for an unsure digit; in the json
/// form digits of one number have the same "word".
///
/// Returns whether there were digits and none was unsure. Throws what
/// read_image and write_output throw.
bool classify_page(const PictureInput&, Predictor&, const PageOutput&);

}  // namespace digitorch
