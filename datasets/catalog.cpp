#include "datasets/catalog.h"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

#include "datasets/cifar.h"
#include "datasets/data_folders.h"
#include "datasets/files/class_folders.h"
#include "datasets/files/idx_names.h"
#include "datasets/image_folder.h"
#include "datasets/mnist.h"
#include "datasets/named_sets.h"
#include "datasets/prepare.h"
#include "datasets/split.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

/// The part of every class that is put aside where a folder has no test
/// pictures.
constexpr double kTestFraction = 0.1;
/// The seed is fixed, so that no run trains on another run's test pictures.
constexpr uint64_t kTestSeed = 1;

constexpr const char* kKnownLayouts =
    "a sub-folder of pictures for each class, such sub-folders in train/, val/ "
    "and test/, IDX files such as train-images-idx3-ubyte, or CIFAR-10's "
    "binary files";

/// Where --data leads.
struct Place {
  fs::path folder;
  const NamedSet* named = nullptr;
  /// Of a folder of IDX files; empty for a folder of pictures.
  std::vector<IdxFiles> idx_sets = {};
};

/// The place of `data`, which may also be FOLDER/PREFIX of one of several sets
/// of IDX files in a folder.
Place folder_at(const fs::path& data) {
  if (fs::is_directory(data)) return {data, nullptr, find_idx_files(data)};
  if (fs::exists(data))
    throw std::runtime_error(
        data.string() + ": not a folder; expected " + list_of_named_sets() +
        " or a folder of pictures or IDX files"
    );
  const fs::path parent = data.has_parent_path() ? data.parent_path() : ".";
  if (fs::is_directory(parent))
    for (const IdxFiles& files : find_idx_files(parent))
      if (!files.prefix.empty() && files.prefix == data.filename())
        return {parent, nullptr, {files}};
  throw std::runtime_error(
      data.string() + ": no such folder; expected " + list_of_named_sets() +
      " or a folder of pictures or IDX files"
  );
}

/// A set is preferred to a folder of its name, which ./NAME still reaches.
Place place_of(const DataLocation& location) {
  if (const NamedSet* set = find_named_set(location.data))
    return {find_named_folder(set->name, location.data_dir), set};
  return folder_at(location.data);
}

const IdxFiles& only_set(const Place& place) {
  const std::vector<IdxFiles>& sets = place.idx_sets;
  if (sets.size() == 1) return sets.front();
  std::string names;
  std::string example;
  for (const IdxFiles& set : sets) {
    if (set.prefix.empty()) return set;
    names += (names.empty() ? "" : ", ") + set.prefix;
    example = set.prefix;
  }
  throw std::runtime_error(
      place.folder.string() + ": found the IDX files of " + names +
      "; expected those of one set. Name one: --data " +
      (place.folder / example).string()
  );
}

/// Pictures by part; those that the data lack are empty.
struct Parts {
  ImageSet train;
  ImageSet validation;
  ImageSet test;
  ImageSet whole;  ///< Instead of the others: pictures that nothing divides.
  std::vector<std::string> warnings;
};

/// The pictures with their labels as positions in `known`, the classes of
/// train/. Throws std::runtime_error naming a class that is not among them.
ImageSet with_classes_of_train(
    ImageSet set,
    const std::vector<std::string>& known,
    const fs::path& folder,
    std::vector<std::string>& warnings
) {
  if (set.class_names == known) return set;
  std::vector<int64_t> position;
  for (const std::string& name : set.class_names) {
    const auto found = std::find(known.begin(), known.end(), name);
    if (found == known.end())
      throw std::runtime_error(
          folder.string() + ": found the class \"" + name +
          "\"; expected only classes that are in train/, too"
      );
    position.push_back(found - known.begin());
  }
  for (const std::string& name : known)
    if (std::find(set.class_names.begin(), set.class_names.end(), name) ==
        set.class_names.end())
      warnings.push_back(folder.string() + ": no pictures of " + name);
  set.labels = torch::tensor(position).index_select(0, set.labels);
  set.class_names = known;
  return set;
}

/// Reads the parts of a folder, of training pictures only where `with_train`.
Parts read_part_folders(
    const PartFolders& folders,
    ImageFolderOptions options,
    bool with_train,
    std::vector<std::string> warnings
) {
  Parts parts{.warnings = std::move(warnings)};
  // The first part that is read decides the form of all.
  const auto read = [&](const fs::path& folder) {
    if (folder.empty()) return ImageSet();
    ImageSet set = read_image_folder(folder, options, parts.warnings);
    options.format = exactly(set.format());
    return set;
  };
  if (with_train) parts.train = read(folders.train);
  if (with_train || folders.test.empty())
    parts.validation = read(folders.validation);
  parts.test = read(folders.test);
  if (parts.train.size() == 0) return parts;
  if (parts.validation.size() > 0)
    parts.validation = with_classes_of_train(
        std::move(parts.validation),
        parts.train.class_names,
        folders.validation,
        parts.warnings
    );
  if (parts.test.size() > 0)
    parts.test = with_classes_of_train(
        std::move(parts.test),
        parts.train.class_names,
        folders.test,
        parts.warnings
    );
  return parts;
}

/// Says what lies in a folder that is no data set.
void check_has_sub_folders(const fs::path& folder) {
  const FolderLevel level = read_level(folder);
  if (!level.folders.empty()) return;
  LeftOut seen = level.left_out;
  for (const fs::path& picture : level.pictures)
    ++seen.files[picture.extension().string()];
  std::string found = seen.text();
  const std::string counted = " left out: ";
  if (const auto at = found.find(counted); at != std::string::npos)
    found.replace(at, counted.size(), ": ");
  throw std::runtime_error(
      folder.string() + ": found " + (found.empty() ? "nothing" : found) +
      "; expected " + kKnownLayouts
  );
}

Parts read_picture_folder(
    const fs::path& named, const DataLocation& location, bool with_train
) {
  check_has_sub_folders(named);
  const ImageFolderOptions options{
      .skip_bad = location.skip_bad, .format = location.format};
  std::vector<std::string> warnings;
  fs::path folder = named;
  std::optional<PartFolders> folders = find_parts(folder, warnings);
  if (!folders) {
    folder = unwrapped(named);
    if (folder != named) folders = find_parts(folder, warnings);
  }
  if (folders && (folders->train.empty() || !folders->test.empty() ||
                  !folders->validation.empty()))
    return read_part_folders(*folders, options, with_train, warnings);
  Parts parts;
  parts.whole = read_image_folder(
      folders ? folders->train : folder, options, parts.warnings
  );
  return parts;
}

Parts read_idx_folder(const Place& place) {
  Parts parts;
  IdxSet set = read_idx_set(place.folder, only_set(place), parts.warnings);
  if (set.test.size() > 0) {
    parts.train = std::move(set.train);
    parts.test = std::move(set.test);
  } else {
    parts.whole = std::move(set.train);
  }
  return parts;
}

Parts read_cifar_folder(const fs::path& folder, bool with_train) {
  CifarSet set = read_cifar(folder, with_train);
  Parts parts;
  // Batches without a test part are divided as other data are.
  (set.test.size() > 0 ? parts.train : parts.whole) = std::move(set.train);
  parts.test = std::move(set.test);
  return parts;
}

Parts read_named_set(const Place& place, bool with_train) {
  const auto& names = place.named->class_names;
  Parts parts;
  if (with_train) parts.train = read_mnist(place.folder, Part::kTrain, names);
  parts.test = read_mnist(place.folder, Part::kTest, names);
  return parts;
}

Parts read_parts(const DataLocation& location, bool with_train) {
  const Place place = place_of(location);
  const bool is_cifar = place.named == nullptr && place.idx_sets.empty() &&
                        holds_cifar(place.folder);
  if (place.named == nullptr && place.idx_sets.empty() && !is_cifar)
    return read_picture_folder(place.folder, location, with_train);
  // Without a test part, training pictures are scored.
  const bool has_test = fs::exists(place.folder / "test_batch.bin");
  Parts parts = is_cifar
                    ? read_cifar_folder(place.folder, with_train || !has_test)
                : place.named != nullptr ? read_named_set(place, with_train)
                                         : read_idx_folder(place);
  std::optional<InputFormat> format;  // that of the first decides for all
  for (ImageSet* set : {&parts.train, &parts.test, &parts.whole}) {
    if (set->size() == 0) continue;
    if (location.transpose)
      set->images = set->images.transpose(2, 3).contiguous();
    if (!format)
      format = resolved(location.format, set->format(), set->class_names);
    *set = in_format(std::move(*set), *format);
  }
  return parts;
}

/// Both sets as one, whose last pictures are the validation part.
ImageSet joined(ImageSet train, const ImageSet& validation) {
  if (validation.size() == 0) return train;
  train.files.insert(
      train.files.end(), validation.files.begin(), validation.files.end()
  );
  return {
      .images = torch::cat({train.images, validation.images}),
      .labels = torch::cat({train.labels, validation.labels}),
      .class_names = std::move(train.class_names),
      .files = std::move(train.files),
      .validation = validation.size(),
      .pictures = train.pictures};
}

}  // namespace

DataSet put_test_aside(const ImageSet& whole) {
  const auto [train, test] =
      split_by_class(whole.labels, kTestFraction, kTestSeed);
  return {whole.at(train), whole.at(test), {}};
}

DataSet load_data(const DataLocation& location) {
  Parts parts = read_parts(location, /*with_train=*/true);
  DataSet set;
  if (parts.whole.size() > 0) {
    set = put_test_aside(parts.whole);
    if (set.test.size() == 0)
      throw std::runtime_error(
          location.data +
          ": no class has two pictures; expected one that has, so that one "
          "picture can be put aside for the test"
      );
  } else {
    if (parts.train.size() == 0)
      throw std::runtime_error(
          location.data + ": only a " +
          (parts.test.size() > 0 ? "test" : "validation") +
          " part, which can be scored; expected training pictures, too"
      );
    set.train = joined(std::move(parts.train), parts.validation);
    set.test = std::move(parts.test);
  }
  set.warnings = std::move(parts.warnings);
  return set;
}

EvaluationSet load_evaluation_data(const DataLocation& location) {
  Parts parts = read_parts(location, /*with_train=*/false);
  EvaluationSet set{.warnings = std::move(parts.warnings)};
  if (parts.whole.size() > 0) {
    set.test = std::move(parts.whole);
    set.is_whole = true;
  } else if (parts.test.size() > 0) {
    set.test = std::move(parts.test);
  } else {
    set.test = std::move(parts.validation);
    set.warnings.push_back(
        location.data + ": no test part; its validation part stands for it"
    );
  }
  return set;
}

EvaluationSet load_all_data(const DataLocation& location) {
  Parts parts = read_parts(location, /*with_train=*/true);
  EvaluationSet all{.warnings = std::move(parts.warnings)};
  for (ImageSet* set :
       {&parts.whole, &parts.train, &parts.validation, &parts.test}) {
    if (set->size() == 0) continue;
    if (all.test.size() == 0) {
      all.test = std::move(*set);
      continue;
    }
    all.test.images = torch::cat({all.test.images, set->images});
    all.test.labels = torch::cat({all.test.labels, set->labels});
  }
  return all;
}

}  // namespace digitorch
