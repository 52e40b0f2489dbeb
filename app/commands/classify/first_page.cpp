#include "app/commands/classify/first_page.h"

#include <iostream>

#include "app/system/text.h"
#include "datasets/files/image_file.h"

namespace digitorch {

Image read_picture(const PictureInput& input) {
  return input.bytes.empty() ? read_image(input.path)
                             : decode_image(input.bytes, "standard input");
}

Image read_first_page(const PictureInput& input) {
  Image image = read_picture(input);
  if (image.has_more)
    std::cerr << "warning: " << escape_control(input.path.string())
              << ": has several pages; only the first is read\n";
  return image;
}

}  // namespace digitorch
