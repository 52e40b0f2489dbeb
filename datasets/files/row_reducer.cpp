#include "datasets/files/row_reducer.h"

#include <algorithm>
#include <utility>

namespace digitorch {

RowReducer::RowReducer(cv::Size size, int type) : size_(size), type_(type) {
  const int r = image_.reduction = reduction_to(size, CV_ELEM_SIZE(type));
  image_.pixels.create(
      (size.height + r - 1) / r, (size.width + r - 1) / r, type
  );
  if (r == 1) return;
  full_row_.create(1, size.width, type);
  sums_.assign(image_.pixels.cols * CV_MAT_CN(type), 0);
}

uint8_t* RowReducer::row() {
  return image_.reduction == 1 ? image_.pixels.ptr(rows_) : full_row_.data;
}

void RowReducer::next() {
  const bool deep = CV_MAT_DEPTH(type_) == CV_16U;
  ++rows_;
  if (image_.reduction == 1) return;
  deep ? add<uint16_t>() : add<uint8_t>();
  if (rows_ % image_.reduction == 0 || rows_ == size_.height)
    deep ? store<uint16_t>() : store<uint8_t>();
}

Image RowReducer::take() { return std::move(image_); }

template <typename T>
void RowReducer::add() {
  const int channels = CV_MAT_CN(type_);
  const T* from = full_row_.ptr<T>();
  for (int to = 0, x = 0; to < image_.pixels.cols; ++to) {
    const int end = std::min(x + image_.reduction, size_.width);
    for (; x < end; ++x)
      for (int c = 0; c < channels; ++c) sums_[to * channels + c] += *from++;
  }
}

template <typename T>
void RowReducer::store() {
  const int channels = CV_MAT_CN(type_);
  const int r = image_.reduction;
  const int row = (rows_ - 1) / r;
  T* to = image_.pixels.ptr<T>(row);
  for (int x = 0; x < image_.pixels.cols; ++x) {
    const uint32_t count = static_cast<uint32_t>(
        std::min(r, size_.width - x * r) * (rows_ - row * r)
    );
    for (int c = 0; c < channels; ++c) {
      uint32_t& sum = sums_[x * channels + c];
      *to++ = static_cast<T>((sum + count / 2) / count);
      sum = 0;
    }
  }
}

}  // namespace digitorch
