// `digitorch classify --page`: all digits of a page, line by line.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/predict/predictor.h"

namespace digitorch {

struct PageOutput {
  std::string format = "text";  ///< Or json, csv.
  /// Where to draw the page with what was read; empty: nowhere.
  std::filesystem::path annotate;
  bool tell_path = false;  ///< In text, before each page's lines.
};

/// The line that begins the csv form.
void print_page_csv_header();

/// Reads a picture of a page and prints its digits in reading order: in text a
/// line for each of its lines, "?" for an unsure digit; words and what else is
/// likelier no digit are left out. In json, digits of one number have the same
/// "word". Returns whether there were digits and all were sure. Throws what
/// read_image and write_file throw.
bool classify_page(const std::filesystem::path&, Predictor&, const PageOutput&);

}  // namespace digitorch
