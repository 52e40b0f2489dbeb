#include "datasets/mnist.h"

#include <array>
#include <stdexcept>

#include "datasets/idx.h"
#include "datasets/named_sets.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

/// The names of a file that are in use, the preferred one first.
std::array<std::string, 4> spellings(
    const std::string& stem, const std::string& ending
) {
  return {
      stem + "-" + ending,
      stem + "." + ending,
      stem + "-" + ending + ".gz",
      stem + "." + ending + ".gz"};
}

std::array<std::string, 4> image_files(Part part) {
  const std::string stem = part == Part::kTrain ? "train" : "t10k";
  return spellings(stem + "-images", "idx3-ubyte");
}

std::array<std::string, 4> label_files(Part part) {
  const std::string stem = part == Part::kTrain ? "train" : "t10k";
  return spellings(stem + "-labels", "idx1-ubyte");
}

/// A sentence for the end of a message that says how to fetch the set; empty
/// where scripts/fetch_data.sh does not know it.
std::string how_to_get(const fs::path& folder) {
  const std::string name = folder.filename().string();
  if (find_named_set(name) == nullptr) return "";
  const fs::path parent = folder.parent_path();
  return ". Run: scripts/fetch_data.sh " + name +
         (parent.empty() || parent == "data" ? "" : " " + parent.string());
}

fs::path find_file(
    const fs::path& folder, const std::array<std::string, 4>& names
) {
  if (!fs::is_directory(folder))
    throw std::runtime_error(
        folder.string() + ": no such folder; expected one with " + names[0] +
        how_to_get(folder)
    );
  std::string looked_for;
  for (const std::string& name : names) {
    if (fs::exists(folder / name)) return folder / name;
    looked_for += (looked_for.empty() ? "" : ", ") + name;
  }
  throw std::runtime_error(
      folder.string() + ": a file is missing; expected one of " + looked_for +
      how_to_get(folder)
  );
}

/// Throws std::runtime_error for a label without a class. Training would find
/// it late: on a GPU as an error that ends the process, on a CPU when its batch
/// comes.
void check_labels(
    const torch::Tensor& labels, int64_t classes, const fs::path& path
) {
  const torch::Tensor wrong = (labels >= classes).nonzero();
  if (wrong.size(0) == 0) return;
  const auto first = wrong[0].item<int64_t>();
  throw std::runtime_error(
      path.string() + ": label " +
      std::to_string(labels[first].item<int64_t>()) + " at index " +
      std::to_string(first) + "; expected 0 to " + std::to_string(classes - 1)
  );
}

}  // namespace

bool is_idx_folder(const fs::path& folder) {
  for (const std::string& name : image_files(Part::kTrain))
    if (fs::exists(folder / name)) return true;
  return false;
}

ImageSet read_mnist(
    const fs::path& folder, Part part, std::vector<std::string> class_names
) {
  const fs::path image_path = find_file(folder, image_files(part));
  const fs::path label_path = find_file(folder, label_files(part));
  // Labels first, since they are small and their errors are found soon.
  torch::Tensor labels = read_idx_labels(label_path);
  if (class_names.empty())
    class_names = numbered_classes(labels.max().item<int64_t>() + 1);
  check_labels(labels, static_cast<int64_t>(class_names.size()), label_path);
  // Before memory is taken for the pictures.
  const uint64_t promised = promised_idx_images(image_path);
  if (promised != static_cast<uint64_t>(labels.size(0)))
    throw std::runtime_error(
        image_path.string() + ": " + std::to_string(promised) +
        " pictures, but " + label_path.string() + " has " +
        std::to_string(labels.size(0)) + " labels; expected as many"
    );
  torch::Tensor images = read_idx_images(image_path);
  return {std::move(images), std::move(labels), std::move(class_names)};
}

}  // namespace digitorch
