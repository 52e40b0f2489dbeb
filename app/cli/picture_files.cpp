#include "app/cli/picture_files.h"

#include <iostream>

#include "app/report/drawing/png.h"
#include "app/report/drawing/svg.h"
#include "app/system/text.h"

namespace digitorch {

namespace fs = std::filesystem;

namespace {

OutputFile file_of(const PictureFiles& files, const std::string& ending) {
  OutputFile file = files.rule;
  file.path = files.stem.string() + ending;
  return file;
}

}  // namespace

void check_picture(const PictureFiles& files) {
  check_output(file_of(files, ".png"));
  check_output(file_of(files, ".svg"));
}

std::vector<fs::path> write_picture(
    const PictureFiles& files, const Drawing& drawing
) {
  check_picture(files);
  const OutputFile png = file_of(files, ".png");
  const OutputFile svg = file_of(files, ".svg");
  write_output(png, to_png(drawing));
  write_output(svg, to_svg(drawing));
  return {png.path, svg.path};
}

std::vector<std::string> as_text(const std::vector<fs::path>& paths) {
  std::vector<std::string> texts;
  for (const fs::path& path : paths) texts.push_back(path.string());
  return texts;
}

void print_files(const std::vector<fs::path>& paths) {
  for (const fs::path& path : paths)
    std::cout << escape_control(path.string()) << '\n';
}

}  // namespace digitorch
