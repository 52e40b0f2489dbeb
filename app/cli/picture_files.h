// Drawings as files, each in two formats: PNG and SVG.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/report/drawing/drawing.h"
#include "app/system/output_file.h"

namespace digitorch {

/// A picture to write: the files `stem`.png and `stem`.svg.
struct PictureFiles {
  std::filesystem::path stem;
  OutputFile rule;  ///< For both of them; its path is not used.
};

/// Checks both files: see check_output().
void check_picture(const PictureFiles&);

/// Writes both files, and returns their paths: see write_output().
std::vector<std::filesystem::path>
write_picture(const PictureFiles&, const Drawing&);

std::vector<std::string> as_text(const std::vector<std::filesystem::path>&);

/// Prints one path on each line of stdout.
void print_files(const std::vector<std::filesystem::path>&);

}  // namespace digitorch
