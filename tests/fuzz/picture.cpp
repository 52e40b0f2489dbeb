// Picture files of every format, by the decoder that their first bytes choose.
#include "datasets/files/image_file.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace digitorch;
  read_or_refuse([&] { decode_image(view_of(data, size), "picture"); });
  return 0;
}
