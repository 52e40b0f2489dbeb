#include "app/commands/classify/first_page.h"

#include <iostream>

#include "app/system/text.h"
#include "datasets/files/image_file.h"

namespace digitorch {

Image read_first_page(const std::filesystem::path& path) {
  Image image = read_image(path);
  if (image.has_more)
    std::cerr << "warning: " << escape_control(path.string())
              << ": has several pages; only the first is read\n";
  return image;
}

}  // namespace digitorch
