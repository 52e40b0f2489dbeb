#include "app/training/data_facts.h"

#include <cmath>
#include <string_view>

#include "models/files/sha256.h"

namespace digitorch {
namespace {

std::string_view bytes_of(const torch::Tensor& contiguous) {
  return {
      static_cast<const char*>(contiguous.const_data_ptr()),
      contiguous.nbytes()};
}

}  // namespace

PixelStatistics pixel_statistics(const ImageSet& digits) {
  // One part after the other: as int64 the whole set would take eight times the
  // memory.
  auto counts = torch::zeros({256}, torch::kInt64);
  for (const torch::Tensor& part : digits.images.flatten().split(1 << 20))
    counts += torch::bincount(part, {}, 256);
  const auto values = torch::arange(256, torch::kFloat64) / 255;
  const auto total = counts.sum().to(torch::kFloat64);
  const auto mean = (counts * values).sum() / total;
  const auto variance = (counts * (values - mean).square()).sum() / total;
  const double root = std::sqrt(variance.item<double>());
  return {.mean = mean.item<double>(), .std_dev = root > 0 ? root : 1};
}

std::string data_digest(const ImageSet& digits) {
  Sha256 sha;
  const auto images = digits.images.contiguous();
  const auto labels = digits.labels.contiguous();
  sha.update(bytes_of(images));
  sha.update(bytes_of(labels));
  for (const std::string& name : digits.class_names)
    sha.update({name.c_str(), name.size() + 1});  // with the final zero
  if (const InputFormat format = digits.format(); format != InputFormat())
    sha.update(description(format));
  if (digits.validation > 0)
    sha.update("validation " + std::to_string(digits.validation));
  return to_hex(sha.finish());
}

}  // namespace digitorch
