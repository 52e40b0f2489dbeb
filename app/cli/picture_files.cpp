#include "app/cli/picture_files.h"

#include <iostream>

#include "app/report/drawing/png.h"
#include "app/report/drawing/svg.h"
#include "app/system/write_file.h"

namespace digitorch {

namespace fs = std::filesystem;

std::vector<fs::path> write_picture(
    const fs::path& stem, const Drawing& drawing
) {
  const std::vector<fs::path> files = {
      stem.string() + ".png", stem.string() + ".svg"};
  write_file(files[0], to_png(drawing));
  write_file(files[1], to_svg(drawing));
  return files;
}

std::vector<std::string> as_text(const std::vector<fs::path>& paths) {
  std::vector<std::string> texts;
  for (const fs::path& path : paths) texts.push_back(path.string());
  return texts;
}

void print_files(const std::vector<fs::path>& paths) {
  for (const fs::path& path : paths) std::cout << path.string() << '\n';
}

}  // namespace digitorch
