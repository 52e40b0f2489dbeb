// Pages: the bytes are the pixels of a grey picture, whose width is 8 to 263
// and as many rows as there are. Each byte is a square of 2x2 pixels.
#include "app/predict/page/page.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "tests/fuzz/fuzz.h"
#include "tests/support/shape_network.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace digitorch;
  if (size < 10) return 0;
  const int width = 8 + data[0];
  const int height = std::min<int>(512, static_cast<int>(size - 1) / width);
  if (height < 1) return 0;
  const cv::Mat small(height, width, CV_8UC1, const_cast<uint8_t*>(data + 1));
  cv::Mat page;
  cv::resize(small, page, {}, 2, 2, cv::INTER_NEAREST);
  read_or_refuse([&] { read_page(page, testing::shape_network()); });
  return 0;
}
