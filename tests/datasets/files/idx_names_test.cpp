#include "datasets/files/idx_names.h"

#include <gtest/gtest.h>

#include "tests/support/data_files.h"
#include "tests/support/temp_dir.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;
using testing::contains;
using testing::error_of;
using testing::TempDir;
using testing::write_file;

class IdxNamesTest : public ::testing::Test {
 protected:
  void touch(const std::string& name) { write_file(folder_ / name, "x"); }
  std::vector<IdxFiles> found() { return find_idx_files(folder_.path()); }

  TempDir folder_;
};

TEST_F(IdxNamesTest, KnowsTheNamesOfTheUsualSets) {
  const std::vector<std::array<std::string, 3>> cases = {
      {"", "train-images-idx3-ubyte", "t10k-labels-idx1-ubyte"},
      {"", "train-images.idx3-ubyte", "t10k-labels.idx1-ubyte.gz"},
      {"emnist-letters",
       "emnist-letters-train-images-idx3-ubyte.gz",
       "emnist-letters-test-labels-idx1-ubyte.gz"},
      {"qmnist",
       "qmnist-train-images-idx3-ubyte",
       "qmnist-test-labels-idx2-int.gz"}};
  for (const auto& [prefix, images, labels] : cases) {
    touch(images);
    touch(labels);
    ASSERT_EQ(found().size(), 1U) << images;
    EXPECT_EQ(found()[0].prefix, prefix);
    EXPECT_EQ(found()[0].train.images, folder_ / images);
    EXPECT_EQ(found()[0].test.labels, folder_ / labels);
    EXPECT_TRUE(found()[0].train.labels.empty());
    fs::remove(folder_ / images);
    fs::remove(folder_ / labels);
  }
}

TEST_F(IdxNamesTest, LeavesOtherFilesAlone) {
  for (const char* name :
       {"train-images.png",
        "train.idx",
        "images-idx3-ubyte",
        "train-labels.csv",
        "emnist-letters-mapping.txt"})
    touch(name);
  EXPECT_TRUE(found().empty());
}

TEST_F(IdxNamesTest, TellsTheSetsOfAFolderApart) {
  touch("emnist-letters-train-images-idx3-ubyte");
  touch("emnist-digits-train-images-idx3-ubyte");
  ASSERT_EQ(found().size(), 2U);
  EXPECT_EQ(found()[0].prefix, "emnist-digits");
  EXPECT_EQ(found()[1].prefix, "emnist-letters");
}

TEST_F(IdxNamesTest, TakesAFileOutOfAFolderOfItsName) {
  const std::string name = "train-images-idx3-ubyte";
  fs::create_directory(folder_ / name);
  EXPECT_TRUE(found().empty());
  touch(name + "/" + name);
  ASSERT_EQ(found().size(), 1U);
  EXPECT_EQ(found()[0].train.images, folder_ / name / name);
}

TEST_F(IdxNamesTest, ReadsTheNamesOfClasses) {
  EXPECT_TRUE(read_class_names(folder_.path(), "letters", 1, 3).empty());
  write_file(folder_ / "classes.txt", "\n ah \r\nb  c\n");
  EXPECT_EQ(
      read_class_names(folder_.path(), "letters", 1, 3),
      (std::vector<std::string>{"0", "ah", "b c", "3"})
  );
  write_file(folder_ / "letters-mapping.txt", "0 48\n2 65 97\n9 66\n3 937\n");
  EXPECT_EQ(
      read_class_names(folder_.path(), "letters", 0, 3),
      (std::vector<std::string>{"0", "1", "A", "937"})
  );
  write_file(folder_ / "letters-mapping.txt", "0 zero\n");
  EXPECT_TRUE(contains(
      error_of([&] { read_class_names(folder_.path(), "letters", 0, 3); }),
      "letters-mapping.txt: the line '0 ...'; expected a label and the code"
  ));
}

}  // namespace
}  // namespace digitorch
