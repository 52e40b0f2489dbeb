#include "datasets/catalog.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "datasets/image_folder.h"
#include "datasets/mnist.h"
#include "datasets/named_sets.h"
#include "datasets/split.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

/// The part of every class that is put aside where a folder has no test
/// pictures.
constexpr double kTestFraction = 0.1;
/// The seed is fixed, so that no run trains on another run's test pictures.
constexpr uint64_t kTestSeed = 1;

/// The folder that --data names. A set is preferred to a folder of its name,
/// which ./NAME still reaches.
fs::path folder_of(const DataLocation& location) {
  if (find_named_set(location.data) != nullptr)
    return location.data_dir / location.data;
  if (!fs::is_directory(location.data))
    throw std::runtime_error(
        location.data + ": no such folder; expected " + list_of_named_sets() +
        " or a folder of pictures or IDX files"
    );
  return location.data;
}

bool has_own_parts(const fs::path& folder) {
  return fs::is_directory(folder / "train") &&
         fs::is_directory(folder / "test");
}

DataSet read_idx_set(const fs::path& folder) {
  ImageSet train = read_mnist(folder, Part::kTrain);
  ImageSet test = read_mnist(folder, Part::kTest);
  // Either part may lack the largest label.
  train.class_names = test.class_names = std::max(
      train.class_names,
      test.class_names,
      [](const auto& a, const auto& b) { return a.size() < b.size(); }
  );
  return {std::move(train), std::move(test), {}};
}

void check_same_classes(const DataSet& set, const fs::path& folder) {
  const auto& train = set.train.class_names;
  const auto& test = set.test.class_names;
  const auto [in_train, in_test] =
      std::mismatch(train.begin(), train.end(), test.begin(), test.end());
  if (in_train == train.end() && in_test == test.end()) return;
  const auto shown = [](auto name, auto end) {
    return name == end ? std::string("no more classes")
                       : "the class \"" + *name + "\"";
  };
  throw std::runtime_error(
      folder.string() + ": train/ has " + shown(in_train, train.end()) +
      " where test/ has " + shown(in_test, test.end()) +
      "; expected the same classes in both"
  );
}

ImageSet take(const ImageSet& set, const torch::Tensor& indices) {
  ImageSet taken{
      set.images.index_select(0, indices),
      set.labels.index_select(0, indices),
      set.class_names};
  if (set.files.empty()) return taken;
  const int64_t* row = indices.const_data_ptr<int64_t>();
  for (int64_t i = 0; i < indices.numel(); ++i)
    taken.files.push_back(set.files[static_cast<size_t>(row[i])]);
  return taken;
}

}  // namespace

DataSet load_data(const DataLocation& location) {
  const fs::path folder = folder_of(location);
  if (const NamedSet* set = find_named_set(location.data))
    return {
        read_mnist(folder, Part::kTrain, set->class_names),
        read_mnist(folder, Part::kTest, set->class_names),
        {}};
  if (is_idx_folder(folder)) return read_idx_set(folder);

  const ImageFolderOptions options{.skip_bad = location.skip_bad};
  DataSet set;
  if (has_own_parts(folder)) {
    set.train = read_image_folder(folder / "train", options, set.warnings);
    set.test = read_image_folder(folder / "test", options, set.warnings);
    check_same_classes(set, folder);
    return set;
  }
  const ImageSet all = read_image_folder(folder, options, set.warnings);
  const auto [train, test] =
      split_by_class(all.labels, kTestFraction, kTestSeed);
  if (test.size(0) == 0)
    throw std::runtime_error(
        folder.string() +
        ": no class has two pictures; expected one that has, so that one "
        "picture can be put aside for the test"
    );
  set.train = take(all, train);
  set.test = take(all, test);
  return set;
}

EvaluationSet load_evaluation_data(const DataLocation& location) {
  const fs::path folder = folder_of(location);
  if (const NamedSet* named = find_named_set(location.data))
    return {read_mnist(folder, Part::kTest, named->class_names), {}};
  // Both parts are read, since the number of classes comes from all labels.
  if (is_idx_folder(folder)) return {read_idx_set(folder).test, {}};

  EvaluationSet set;
  set.test = read_image_folder(
      has_own_parts(folder) ? folder / "test" : folder,
      {.skip_bad = location.skip_bad},
      set.warnings
  );
  return set;
}

}  // namespace digitorch
