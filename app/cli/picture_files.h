// Pictures as files: every drawing as PNG and as SVG.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/report/drawing/drawing.h"

namespace digitorch {

/// Writes `stem`.png and `stem`.svg; returns their paths.
std::vector<std::filesystem::path>
write_picture(const std::filesystem::path& stem, const Drawing&);

std::vector<std::string> as_text(const std::vector<std::filesystem::path>&);

/// One path a line on stdout.
void print_files(const std::vector<std::filesystem::path>&);

}  // namespace digitorch
