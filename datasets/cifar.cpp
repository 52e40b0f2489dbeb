#include "datasets/cifar.h"

#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "datasets/files/read_file.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kSide = 32;
constexpr int64_t kPixels = 3 * kSide * kSide;
constexpr int64_t kRecord = 1 + kPixels;
constexpr std::size_t kClasses = 10;
constexpr int kMostBatches = 5;
// Each of CIFAR-10's own has 10,000 records, 30 MB.
constexpr std::size_t kMaxBytes = std::size_t{1} << 30;

std::vector<fs::path> train_batches(const fs::path& folder) {
  std::vector<fs::path> found;
  for (int i = 1; i <= kMostBatches; ++i) {
    const fs::path path = folder / ("data_batch_" + std::to_string(i) + ".bin");
    if (fs::exists(path)) found.push_back(path);
  }
  return found;
}

std::vector<std::string> class_names(const fs::path& folder) {
  const fs::path path = folder / "batches.meta.txt";
  if (!fs::exists(path))
    return {
        "airplane",
        "automobile",
        "bird",
        "cat",
        "deer",
        "dog",
        "frog",
        "horse",
        "ship",
        "truck"};
  std::vector<std::string> names;
  std::istringstream text(read_file(path, kMaxBytes));
  for (std::string line; std::getline(text, line);) {
    if (line.ends_with('\r')) line.pop_back();
    if (!line.empty()) names.push_back(line);
  }
  if (names.size() != kClasses)
    throw std::runtime_error(
        path.string() + ": found " + std::to_string(names.size()) +
        " names; expected " + std::to_string(kClasses)
    );
  return names;
}

ImageSet read_batch(const fs::path& path) {
  std::string bytes = read_file(path, kMaxBytes);
  const auto size = static_cast<int64_t>(bytes.size());
  if (size == 0 || size % kRecord != 0)
    throw std::runtime_error(
        path.string() + ": found " + std::to_string(size) +
        " bytes; expected records of " + std::to_string(kRecord) +
        ", as CIFAR-10's binary form has. Was it downloaded whole?"
    );
  const torch::Tensor records =
      torch::from_blob(bytes.data(), {size / kRecord, kRecord}, torch::kUInt8);
  ImageSet set{
      .images =
          records.narrow(1, 1, kPixels).reshape({-1, 3, kSide, kSide}).clone(),
      .labels = records.select(1, 0).to(torch::kInt64),
      .pictures = "plain"};
  const auto largest = set.labels.max().item<int64_t>();
  if (largest >= static_cast<int64_t>(kClasses))
    throw std::runtime_error(
        path.string() + ": found the label " + std::to_string(largest) +
        "; expected 0 to 9"
    );
  return set;
}

}  // namespace

bool holds_cifar(const fs::path& folder) {
  return !train_batches(folder).empty() ||
         fs::exists(folder / "test_batch.bin");
}

CifarSet read_cifar(const fs::path& folder, bool with_train) {
  const std::vector<std::string> names = class_names(folder);
  CifarSet set;
  std::vector<torch::Tensor> images;
  std::vector<torch::Tensor> labels;
  if (with_train)
    for (const fs::path& path : train_batches(folder)) {
      set.train = read_batch(path);
      images.push_back(set.train.images);
      labels.push_back(set.train.labels);
    }
  if (!images.empty()) {
    set.train.images = torch::cat(images);
    set.train.labels = torch::cat(labels);
    set.train.class_names = names;
  }
  if (fs::exists(folder / "test_batch.bin")) {
    set.test = read_batch(folder / "test_batch.bin");
    set.test.class_names = names;
  }
  return set;
}

}  // namespace digitorch
