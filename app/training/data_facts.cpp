#include "app/training/data_facts.h"

#include <ATen/Parallel.h>

#include <cmath>
#include <mutex>
#include <string_view>

#include "models/files/sha256.h"

namespace digitorch {
namespace {

std::string_view bytes_of(const torch::Tensor& contiguous) {
  return {
      static_cast<const char*>(contiguous.const_data_ptr()),
      contiguous.nbytes()};
}

/// How often each byte occurs, int64 [256]. torch::bincount computes on one
/// thread, and takes turns of eight times the memory.
torch::Tensor byte_counts(std::string_view bytes) {
  torch::Tensor total = torch::zeros({256}, torch::kInt64);
  std::mutex mutex;
  const auto size = static_cast<int64_t>(bytes.size());
  at::parallel_for(0, size, 1 << 20, [&](int64_t first, int64_t last) {
    // Several tables, since a count waits for the one before in its place, and
    // most pixels are alike.
    constexpr int64_t kTables = 4;
    torch::Tensor tables = torch::zeros({kTables, 256}, torch::kInt64);
    auto* counts = tables.mutable_data_ptr<int64_t>();
    for (int64_t i = first; i < last; ++i) {
      const auto byte = static_cast<uint8_t>(bytes[static_cast<size_t>(i)]);
      ++counts[i % kTables * 256 + byte];
    }
    const std::lock_guard lock(mutex);
    total += tables.sum(0);
  });
  return total;
}

}  // namespace

PixelStatistics pixel_statistics(const ImageSet& digits) {
  const torch::Tensor images = digits.images.contiguous();
  const torch::Tensor counts = byte_counts(bytes_of(images));
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
