// Drawings as files, each in two formats: PNG and SVG.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/report/drawing/drawing.h"

namespace digitorch {

/// Writes `stem`.png and `stem`.svg, and returns their paths.
std::vector<std::filesystem::path>
write_picture(const std::filesystem::path& stem, const Drawing&);

std::vector<std::string> as_text(const std::vector<std::filesystem::path>&);

/// Prints one path on each line of stdout.
void print_files(const std::vector<std::filesystem::path>&);

}  // namespace digitorch
