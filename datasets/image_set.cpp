#include "datasets/image_set.h"

namespace digitorch {

InputFormat ImageSet::format() const {
  return {pictures, images.size(1), images.size(2), images.size(3)};
}

ImageSet ImageSet::at(const torch::Tensor& indices) const {
  ImageSet taken{
      .images = images.index_select(0, indices),
      .labels = labels.index_select(0, indices),
      .class_names = class_names,
      .pictures = pictures};
  if (files.empty()) return taken;
  const int64_t* row = indices.const_data_ptr<int64_t>();
  for (int64_t i = 0; i < indices.numel(); ++i)
    taken.files.push_back(files[static_cast<size_t>(row[i])]);
  return taken;
}

ImageSet ImageSet::range(int64_t first, int64_t count) const {
  ImageSet part{
      .images = images.narrow(0, first, count),
      .labels = labels.narrow(0, first, count),
      .class_names = class_names,
      .pictures = pictures};
  if (!files.empty())
    part.files = {files.begin() + first, files.begin() + first + count};
  return part;
}

}  // namespace digitorch
