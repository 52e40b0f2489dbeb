#include "datasets/catalog.h"

#include <gtest/gtest.h>

#include <tuple>

#include "datasets/named_sets.h"
#include "tests/support/data_files.h"
#include "tests/support/temp_dir.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

using testing::contains;
using testing::error_of;
using testing::image_file;
using testing::label_file;
using testing::TempDir;
using testing::write_file;

/// A vertical stroke, as a PGM file; `row` is where it begins.
std::string stroke(int row) {
  std::string pixels(28 * 28, '\0');
  for (int i = row; i < 20; ++i)
    pixels[static_cast<std::size_t>(i * 28 + 14)] = '\xFF';
  return "P5\n28 28\n255\n" + pixels;
}

void write_class(const fs::path& folder, int pictures) {
  fs::create_directories(folder);
  for (int i = 0; i < pictures; ++i)
    write_file(folder / (std::to_string(i) + ".pgm"), stroke(1 + i % 15));
}

void write_idx_set(const fs::path& folder, uint32_t train, uint32_t test) {
  fs::create_directories(folder);
  write_file(folder / "train-images-idx3-ubyte", image_file(train));
  write_file(folder / "train-labels-idx1-ubyte", label_file(train));
  write_file(folder / "t10k-images-idx3-ubyte", image_file(test));
  write_file(folder / "t10k-labels-idx1-ubyte", label_file(test));
}

torch::Tensor per_class(const ImageSet& digits) {
  return digits.labels.bincount(
      {}, static_cast<int64_t>(digits.class_names.size())
  );
}

class CatalogTest : public ::testing::Test {
 protected:
  /// A set's name looked up in the temporary folder, or a folder there.
  DataLocation named(const std::string& name) {
    return {.data = name, .data_dir = folder_.path()};
  }
  DataLocation at(const std::string& name) {
    return {.data = (folder_ / name).string()};
  }

  TempDir folder_;
};

TEST_F(CatalogTest, ReadsASetByItsName) {
  write_idx_set(folder_ / "fashion-mnist", 20, 7);
  const DataSet set = load_data(named("fashion-mnist"));
  EXPECT_EQ(set.train.size(), 20);
  EXPECT_EQ(set.test.size(), 7);
  EXPECT_EQ(set.train.class_names[1], "Trouser");
  EXPECT_EQ(set.test.class_names, set.train.class_names);
  EXPECT_TRUE(set.warnings.empty());
}

TEST_F(CatalogTest, NeedsOnlyTheTestPartOfANamedSetToEvaluate) {
  write_idx_set(folder_ / "mnist", 20, 7);
  fs::remove(folder_ / "mnist" / "train-images-idx3-ubyte");
  const ImageSet digits = load_evaluation_data(named("mnist")).test;
  EXPECT_EQ(digits.size(), 7);
  EXPECT_EQ(digits.class_names, numbered_classes(10));
}

TEST_F(CatalogTest, TellsHowToGetANamedSet) {
  EXPECT_TRUE(contains(
      error_of([&] { load_data(named("mnist")); }),
      "scripts/fetch_data.sh mnist " + folder_.path().string()
  ));
}

TEST_F(CatalogTest, CountsTheClassesOfAnIdxFolderOverBothParts) {
  for (const auto& [train, test] : {std::pair{20, 4}, std::pair{4, 20}}) {
    write_idx_set(
        folder_ / "letters",
        static_cast<uint32_t>(train),
        static_cast<uint32_t>(test)
    );
    const DataSet set = load_data(at("letters"));
    EXPECT_EQ(set.train.size(), train);
    EXPECT_EQ(set.test.size(), test);
    EXPECT_EQ(set.train.class_names, numbered_classes(10));
    EXPECT_EQ(set.test.class_names, numbered_classes(10));
    const ImageSet digits = load_evaluation_data(at("letters")).test;
    EXPECT_EQ(digits.size(), test);
    EXPECT_EQ(digits.class_names, numbered_classes(10));
  }
}

TEST_F(CatalogTest, PutsATenthOfEveryClassAsideTheSameEachTime) {
  write_class(folder_ / "set" / "a", 20);
  write_class(folder_ / "set" / "b", 3);
  write_class(folder_ / "set" / "c", 1);
  const DataSet set = load_data(at("set"));
  EXPECT_EQ(set.train.class_names, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(set.test.class_names, set.train.class_names);
  EXPECT_TRUE(torch::equal(
      per_class(set.train), torch::tensor({18, 2, 1}, torch::kInt64)
  ));
  EXPECT_TRUE(
      torch::equal(per_class(set.test), torch::tensor({2, 1, 0}, torch::kInt64))
  );
  EXPECT_EQ(set.train.images.sizes(), (std::vector<int64_t>{21, 1, 28, 28}));
  EXPECT_TRUE(torch::equal(load_data(at("set")).test.images, set.test.images));
  EXPECT_EQ(load_evaluation_data(at("set")).test.size(), 24);
  EXPECT_TRUE(load_evaluation_data(at("set")).is_whole);
}

TEST_F(CatalogTest, RefusesClassFoldersFromWhichNothingCanBePutAside) {
  write_class(folder_ / "set" / "a", 1);
  write_class(folder_ / "set" / "b", 1);
  EXPECT_EQ(
      error_of([&] { load_data(at("set")); }),
      (folder_ / "set").string() +
          ": no class has two pictures; expected one that has, so that one "
          "picture can be put aside for the test"
  );
}

TEST_F(CatalogTest, TakesTheTrainAndTestFoldersWhereThereAreBoth) {
  for (const char* name : {"a", "b"}) {
    write_class(folder_ / "set" / "train" / name, 6);
    write_class(folder_ / "set" / "test" / name, 2);
  }
  const DataSet set = load_data(at("set"));
  EXPECT_EQ(set.train.size(), 12);
  EXPECT_EQ(set.test.size(), 4);
  EXPECT_EQ(set.test.class_names, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(load_evaluation_data(at("set")).test.size(), 4);
}

TEST_F(CatalogTest, RefusesClassesThatAreNotTrainedNamingTheFirst) {
  const std::vector<std::tuple<std::string, std::string, std::string>> cases = {
      {"b", "c", "test: found the class \"c\"; expected only classes that are"},
      {"a",
       "b",
       "test: found the class \"b\"; expected only classes that are"}};
  for (const auto& [train, test, found] : cases) {
    fs::remove_all(folder_ / "set");
    for (const std::string& name : {std::string("a"), train})
      write_class(folder_ / "set" / "train" / name, 2);
    for (const std::string& name : {std::string("a"), test})
      write_class(folder_ / "set" / "test" / name, 2);
    EXPECT_TRUE(contains(error_of([&] { load_data(at("set")); }), found));
  }
}

TEST_F(CatalogTest, APartMayLackClassesThatAreTrained) {
  write_class(folder_ / "set" / "train" / "a", 2);
  write_class(folder_ / "set" / "train" / "b", 2);
  write_class(folder_ / "set" / "test" / "b", 3);
  const DataSet set = load_data(at("set"));
  EXPECT_EQ(set.test.class_names, (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(
      torch::equal(set.test.labels, torch::tensor({1, 1, 1}, torch::kInt64))
  );
  EXPECT_EQ(
      set.warnings,
      (std::vector<std::string>{
          (folder_ / "set/test").string() + ": only one class, b",
          (folder_ / "set/test").string() + ": no pictures of a"})
  );
}

TEST_F(CatalogTest, TheValidationFolderIsTheValidationPart) {
  for (const char* name : {"a", "b"}) {
    write_class(folder_ / "set" / "train" / name, 6);
    write_class(folder_ / "set" / "val" / name, 3);
  }
  DataSet set = load_data(at("set"));
  EXPECT_EQ(set.train.size(), 18);
  EXPECT_EQ(set.train.validation, 6);
  EXPECT_EQ(set.test.size(), 0);
  EvaluationSet scored = load_evaluation_data(at("set"));
  EXPECT_EQ(scored.test.size(), 6);
  EXPECT_FALSE(scored.is_whole);
  EXPECT_EQ(scored.warnings.size(), 1U);

  write_class(folder_ / "set" / "test" / "a", 2);
  write_class(folder_ / "set" / "test" / "b", 2);
  set = load_data(at("set"));
  EXPECT_EQ(set.train.validation, 6);
  EXPECT_EQ(set.test.size(), 4);
  EXPECT_EQ(load_evaluation_data(at("set")).test.size(), 4);
}

TEST_F(CatalogTest, ATestPartAloneCanOnlyBeScored) {
  write_class(folder_ / "set" / "test" / "a", 2);
  write_class(folder_ / "set" / "test" / "b", 2);
  write_idx_set(folder_ / "idx", 20, 7);
  fs::remove(folder_ / "idx" / "train-images-idx3-ubyte");
  fs::remove(folder_ / "idx" / "train-labels-idx1-ubyte");
  EXPECT_EQ(load_evaluation_data(at("set")).test.size(), 4);
  EXPECT_EQ(load_evaluation_data(at("idx")).test.size(), 7);
  for (const char* name : {"set", "idx"})
    EXPECT_EQ(
        error_of([&] { load_data(at(name)); }),
        (folder_ / name).string() +
            ": only a test part, which can be scored; expected training "
            "pictures, too"
    );
}

TEST_F(CatalogTest, ATrainingPartAloneIsDividedAsAFolderOfClasses) {
  write_class(folder_ / "set" / "train" / "a", 20);
  write_class(folder_ / "set" / "train" / "b", 20);
  write_idx_set(folder_ / "idx", 40, 7);
  fs::remove(folder_ / "idx" / "t10k-images-idx3-ubyte");
  fs::remove(folder_ / "idx" / "t10k-labels-idx1-ubyte");
  EXPECT_EQ(load_data(at("set")).test.size(), 4);
  EXPECT_EQ(load_data(at("idx")).test.size(), 10);
  EXPECT_TRUE(load_evaluation_data(at("idx")).is_whole);
}

TEST_F(CatalogTest, NamesOneOfSeveralSetsOfIdxFiles) {
  write_idx_set(folder_ / "idx", 20, 7);
  for (const std::string set : {"emnist-digits-", "emnist-mnist-"})
    for (const std::string part : {"train", "t10k"})
      for (const std::string kind :
           {"-images-idx3-ubyte", "-labels-idx1-ubyte"}) {
        const std::string as = part == "train" ? part : "test";
        fs::create_directories(folder_ / "gzip");
        fs::copy_file(
            folder_ / "idx" / (part + kind),
            folder_ / "gzip" / (set + as + kind)
        );
      }
  EXPECT_EQ(load_data(at("gzip/emnist-digits")).train.size(), 20);
  EXPECT_EQ(
      error_of([&] { load_data(at("gzip")); }),
      (folder_ / "gzip").string() +
          ": found the IDX files of emnist-digits, emnist-mnist; expected "
          "those "
          "of one set. Name one: --data " +
          (folder_ / "gzip/emnist-mnist").string()
  );
}

TEST_F(CatalogTest, SaysWhatLiesInAFolderThatIsNoDataSet) {
  fs::create_directory(folder_ / "set");
  const std::string name = (folder_ / "set").string();
  const std::string expected =
      "; expected a sub-folder of pictures for each class, such sub-folders in "
      "train/, val/ and test/, IDX files such as train-images-idx3-ubyte, or "
      "CIFAR-10's binary files";
  EXPECT_EQ(
      error_of([&] { load_data(at("set")); }),
      name + ": found nothing" + expected
  );
  write_file(folder_ / "set/mnist.npz", "x");
  write_file(folder_ / "set/1.png", "x");
  EXPECT_EQ(
      error_of([&] { load_data(at("set")); }),
      name + ": found 2 files: 1 .npz, 1 .png" + expected
  );
}

TEST_F(CatalogTest, LeavesUnreadablePicturesOutOnlyWhenAskedTo) {
  write_class(folder_ / "set" / "a", 5);
  write_file(folder_ / "set" / "a" / "broken.png", "no picture");
  DataLocation location = at("set");
  EXPECT_TRUE(contains(error_of([&] { load_data(location); }), "broken.png"));
  location.skip_bad = true;
  const DataSet set = load_data(location);
  EXPECT_EQ(set.train.size() + set.test.size(), 5);
  EXPECT_FALSE(set.warnings.empty());
  EXPECT_EQ(load_evaluation_data(location).test.size(), 5);
}

TEST_F(CatalogTest, RefusesWhatIsNoFolder) {
  write_file(folder_ / "file", "");
  for (const char* name : {"missing", "file"})
    for (const bool all : {true, false})
      EXPECT_EQ(
          error_of([&] {
            all ? void(load_data(at(name)))
                : void(load_evaluation_data(at(name)));
          }),
          (folder_ / name).string() +
              (name == std::string("file") ? ": not a folder"
                                           : ": no such folder") +
              "; expected mnist, fashion-mnist or a folder of pictures or IDX "
              "files"
      );
}

}  // namespace
}  // namespace digitorch
