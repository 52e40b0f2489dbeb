#include "datasets/files/class_folders.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/data_files.h"
#include "tests/support/temp_dir.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;
using testing::contains;
using testing::error_of;
using testing::TempDir;

class ClassFoldersTest : public ::testing::Test {
 protected:
  void touch(const std::string& name) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name).put('x');
  }
  std::optional<PartFolders> parts() {
    warnings_.clear();
    return find_parts(folder_.path(), warnings_);
  }

  TempDir folder_;
  std::vector<std::string> warnings_;
};

TEST_F(ClassFoldersTest, ListsClassesAndOneLineForAllThatIsLeftOut) {
  for (const char* name :
       {"b/1.png",
        "b/writer2/2.png",
        "a/1.jpg",
        "a/2.heic",
        "b/notes.heic",
        "loose.png",
        "__MACOSX/b/1.png"})
    touch(name);
  fs::create_directory(folder_ / "empty");
  const ClassFolders found = list_classes(folder_.path(), warnings_);
  EXPECT_EQ(found.names, (std::vector<std::string>{"a", "b"}));
  ASSERT_EQ(found.files.size(), 3U);
  EXPECT_EQ(found.files[2].path, folder_ / "b/writer2/2.png");
  EXPECT_EQ(found.files[2].label, 1);
  const std::string name = folder_.path().string();
  EXPECT_EQ(
      warnings_,
      (std::vector<std::string>{
          name + "/empty: a folder without pictures, which makes no class",
          name + ": 3 files left out: 2 .heic, 1 beside the class folders"})
  );
}

TEST_F(ClassFoldersTest, SaysWhichFoldersAreClassesWhereAllPicturesLieDeeper) {
  for (const char* name : {"first/0/1.png", "first/1/1.png", "other/0/1.png"})
    touch(name);
  const ClassFolders found = list_classes(folder_.path(), warnings_);
  EXPECT_EQ(found.names, (std::vector<std::string>{"first", "other"}));
  EXPECT_EQ(
      warnings_,
      std::vector<std::string>{
          folder_.path().string() +
          ": the classes are first, other; the folders in each of them, such "
          "as 0, make none"}
  );
}

TEST_F(ClassFoldersTest, KnowsTheNamesOfParts) {
  touch("Training/a/1.png");
  touch("val/a/1.png");
  touch("test_set/a/1.png");
  touch("empty/notes.txt");
  const auto found = parts();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->train, folder_ / "Training");
  EXPECT_EQ(found->validation, folder_ / "val");
  EXPECT_EQ(found->test, folder_ / "test_set");
  EXPECT_TRUE(warnings_.empty());
}

TEST_F(ClassFoldersTest, TakesASinglePartOnlyWhereNothingIsBesideIt) {
  touch("test/a/1.png");
  ASSERT_TRUE(parts());
  EXPECT_EQ(parts()->test, folder_ / "test");
  EXPECT_TRUE(parts()->train.empty());
  touch("car/1.png");
  EXPECT_FALSE(parts());
}

TEST_F(ClassFoldersTest, NamesTheFoldersBesideTheParts) {
  touch("train/a/1.png");
  touch("test/a/1.png");
  touch("extra/a/1.png");
  ASSERT_TRUE(parts());
  EXPECT_EQ(
      warnings_,
      std::vector<std::string>{
          folder_.path().string() +
          ": left out the folders beside the parts: extra"}
  );
}

TEST_F(ClassFoldersTest, ClassesMayBeCalledAsPartsAre) {
  touch("train/1.png");
  touch("test/1.png");
  EXPECT_FALSE(parts());
}

TEST_F(ClassFoldersTest, RefusesAPartThatIsThereTwice) {
  touch("val/a/1.png");
  touch("valid/a/1.png");
  EXPECT_TRUE(contains(error_of([&] { parts(); }), "both val and valid"));
}

TEST_F(ClassFoldersTest, LooksIntoTheOnlyFolderOfAnArchive) {
  touch("archive/a/1.png");
  EXPECT_EQ(unwrapped(folder_.path()), folder_.path());  // a class of its own
  touch("archive/b/1.png");
  EXPECT_EQ(unwrapped(folder_.path()), folder_ / "archive");
  touch("__MACOSX/archive/b/1.png");
  EXPECT_EQ(unwrapped(folder_.path()), folder_ / "archive");
  touch("c/1.png");
  EXPECT_EQ(unwrapped(folder_.path()), folder_.path());
}

}  // namespace
}  // namespace digitorch
