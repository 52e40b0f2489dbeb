#include "datasets/mnist.h"

#include <array>
#include <stdexcept>

#include "datasets/idx.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

/// The spellings in use, the preferred one first.
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

std::string how_to_get(const fs::path& folder) {
  const std::string name = folder.filename().string();
  if (!named_sets().contains(name)) return "";
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

/// Training would find a wrong label late: on a GPU as an error that ends the
/// process, on a CPU only when its batch comes.
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

const std::map<std::string, std::vector<std::string>>& named_sets() {
  static const std::map<std::string, std::vector<std::string>> sets = {
      {"mnist", numbered_classes(10)},
      {"fashion-mnist",
       {"T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot"}}};
  return sets;
}

std::vector<std::string> numbered_classes(int64_t count) {
  std::vector<std::string> names;
  for (int64_t i = 0; i < count; ++i) names.push_back(std::to_string(i));
  return names;
}

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
  // Labels first: they are small, and what is wrong with them is found soon.
  torch::Tensor labels = read_idx_labels(label_path);
  if (class_names.empty())
    class_names = numbered_classes(labels.max().item<int64_t>() + 1);
  check_labels(labels, static_cast<int64_t>(class_names.size()), label_path);
  torch::Tensor images = read_idx_images(image_path);
  if (images.size(0) != labels.size(0))
    throw std::runtime_error(
        image_path.string() + ": " + std::to_string(images.size(0)) +
        " pictures, but " + label_path.string() + " has " +
        std::to_string(labels.size(0)) + " labels; expected as many"
    );
  return {std::move(images), std::move(labels), std::move(class_names)};
}

}  // namespace digitorch
