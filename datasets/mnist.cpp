#include "datasets/mnist.h"

#include <algorithm>
#include <stdexcept>

#include "datasets/data_folders.h"
#include "datasets/idx.h"
#include "datasets/named_sets.h"
#include "datasets/pixel_csv.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

/// Pictures whose shape tells how all of a set lie.
constexpr int64_t kLookedAt = 1000;
/// Darker pixels, of 255, are no ink.
constexpr int kInkFrom = 64;

/// A sentence for the end of a message that says how to fetch the set; empty
/// for a folder that has no set's name.
std::string how_to_get(const fs::path& folder) {
  const std::string name = folder.filename().string();
  if (find_named_set(name) == nullptr) return "";
  return how_to_fetch(name, folder.parent_path());
}

std::string names_in(const fs::path& folder) {
  constexpr std::size_t kMaxNames = 8;
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kMaxNames); ++i)
    text += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > kMaxNames)
    text += " and " + std::to_string(names.size() - kMaxNames) + " more";
  return text.empty() ? "nothing" : text;
}

[[noreturn]] void throw_missing(const fs::path& folder, Part part) {
  const std::string stem = part == Part::kTrain ? "train" : "t10k";
  throw std::runtime_error(
      folder.string() + ": found " + names_in(folder) + "; expected " + stem +
      "-images-idx3-ubyte and " + stem + "-labels-idx1-ubyte, also as ." +
      "idx3-ubyte or .gz" + how_to_get(folder)
  );
}

void check_is_folder(const fs::path& folder, Part part) {
  const fs::file_status status = fs::status(folder);
  if (fs::is_directory(status)) return;
  throw std::runtime_error(
      folder.string() +
      (fs::exists(status) ? ": not a folder" : ": no such folder") +
      "; expected one with " + (part == Part::kTrain ? "train" : "t10k") +
      "-images-idx3-ubyte" + how_to_get(folder)
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

ImageSet read_part(const IdxPart& part, std::vector<std::string> class_names) {
  if (part.images == part.labels) return read_pixel_csv(part.images);
  // Labels first, since they are small and their errors are found soon.
  torch::Tensor labels = read_idx_labels(part.labels);
  if (class_names.empty())
    class_names = numbered_classes(labels.max().item<int64_t>() + 1);
  check_labels(labels, std::ssize(class_names), part.labels);
  // Before memory is taken for the pictures.
  const uint64_t promised = promised_idx_images(part.images);
  if (promised != static_cast<uint64_t>(labels.size(0)))
    throw std::runtime_error(
        part.images.string() + ": " + std::to_string(promised) +
        " pictures, but " + part.labels.string() + " has " +
        std::to_string(labels.size(0)) + " labels; expected as many"
    );
  torch::Tensor images = read_idx_images(part.images);
  return {std::move(images), std::move(labels), std::move(class_names)};
}

void check_complete(const IdxPart& part, const fs::path& folder, Part which) {
  if (part.images.empty() || part.labels.empty()) throw_missing(folder, which);
}

/// Whether the ink of most pictures is wider than high. Letters and digits are
/// higher than wide, taken together.
bool lie_on_their_side(const torch::Tensor& images) {
  const torch::Tensor ink =
      images.narrow(0, 0, std::min(kLookedAt, images.size(0))) > kInkFrom;
  const auto extent = [&](int64_t across) {
    return ink.any(across).sum().item<int64_t>();
  };
  return extent(2) > extent(3);  // columns with ink, rows with ink
}

void set_upright(IdxSet& set, std::vector<std::string>& warnings) {
  if (!lie_on_their_side(
          set.train.size() > 0 ? set.train.images : set.test.images
      ))
    return;
  for (ImageSet* part : {&set.train, &set.test})
    if (part->size() > 0)
      part->images = part->images.transpose(2, 3).contiguous();
  warnings.push_back(
      "EMNIST's files hold pictures on their side; they are read upright"
  );
}

void name_classes(
    IdxSet& set,
    const fs::path& folder,
    const std::string& prefix,
    std::vector<std::string>& warnings
) {
  int64_t first = 255;
  int64_t last = 0;
  for (const ImageSet* part : {&set.train, &set.test})
    if (part->size() > 0) {
      first = std::min(first, part->labels.min().item<int64_t>());
      last = std::max(last, part->labels.max().item<int64_t>());
    }
  first = first == 1 ? 1 : 0;  // other gaps are classes without pictures
  std::vector<std::string> names = read_class_names(
      folder, prefix, static_cast<int>(first), static_cast<int>(last)
  );
  if (names.empty()) names = numbered_classes(last + 1);
  names.erase(names.begin(), names.begin() + first);
  for (ImageSet* part : {&set.train, &set.test}) {
    if (part->size() > 0) part->labels = part->labels - first;
    part->class_names = names;
  }
  if (first > 0)
    warnings.push_back(
        folder.string() + ": labels 1 to " + std::to_string(last) +
        " and no 0, so there are " + std::to_string(last) + " classes, " +
        names.front() + " to " + names.back()
    );
}

}  // namespace

ImageSet read_mnist(
    const fs::path& folder, Part part, std::vector<std::string> class_names
) {
  check_is_folder(folder, part);
  for (const IdxFiles& files : find_idx_files(folder)) {
    const IdxPart& wanted = part == Part::kTrain ? files.train : files.test;
    if (!files.prefix.empty() || !wanted.is_there()) continue;
    check_complete(wanted, folder, part);
    return read_part(wanted, std::move(class_names));
  }
  throw_missing(folder, part);
}

IdxSet read_idx_set(
    const fs::path& folder,
    const IdxFiles& files,
    std::vector<std::string>& warnings
) {
  IdxSet set;
  if (files.train.is_there()) {
    check_complete(files.train, folder, Part::kTrain);
    set.train = read_part(files.train, {});
  }
  if (files.test.is_there()) {
    check_complete(files.test, folder, Part::kTest);
    set.test = read_part(files.test, {});
    if (set.test.size() == 0)
      warnings.push_back(
          files.test.images.string() + ": no labels, so it is left out"
      );
  }
  if (set.train.size() == 0 && set.test.size() == 0)
    throw std::runtime_error(
        folder.string() + ": pixels without labels; expected labels, too"
    );
  name_classes(set, folder, files.prefix, warnings);
  if (files.prefix.starts_with("emnist")) set_upright(set, warnings);
  return set;
}

}  // namespace digitorch
