#include "app/system/work_folder.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "app/system/errors.h"
#include "tests/support/temp_dir.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;

const WorkKind kKind{.noun = "run", .marks = {"config.json", "last"}};

std::string content(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(WorkFolderTest, IsMadeWithItsParentsAndHoldsFiles) {
  const testing::TempDir folder;
  const WorkFolder made = WorkFolder::create({folder / "a" / "b"}, kKind);
  EXPECT_EQ(made.path(), folder / "a" / "b");
  made.write("note", "text");
  EXPECT_EQ(content(made.file("note")), "text");
}

TEST(WorkFolderTest, AFolderWithOtherFilesMayBeUsed) {
  const testing::TempDir folder;
  std::ofstream(folder / "note") << "text";
  EXPECT_EQ(WorkFolder::create({folder.path()}, kKind).path(), folder.path());
}

TEST(WorkFolderTest, AFolderOfEarlierWorkIsRefusedAndStaysAsItIs) {
  for (const std::string& mark : kKind.marks) {
    const testing::TempDir folder;
    std::ofstream(folder / mark) << "text";
    try {
      WorkFolder::create({folder.path()}, kKind);
      FAIL() << mark;
    } catch (const std::runtime_error& error) {
      const std::string message = error.what();
      EXPECT_NE(
          message.find("already holds " + mark + " of a run"), std::string::npos
      ) << message;
      EXPECT_NE(message.find("--resume"), std::string::npos) << message;
    }
    EXPECT_FALSE(fs::exists(folder / ".lock"));
  }
}

TEST(WorkFolderTest, ANumberedFolderIsTheFirstThatNothingHasMade) {
  const testing::TempDir folder;
  const NewFolder wanted{folder / "runs" / "x", true};
  EXPECT_EQ(WorkFolder::create(wanted, kKind).path(), folder / "runs" / "x");
  EXPECT_EQ(WorkFolder::create(wanted, kKind).path(), folder / "runs" / "x-2");
  std::ofstream(folder / "runs" / "x-3") << "a file";
  EXPECT_EQ(WorkFolder::create(wanted, kKind).path(), folder / "runs" / "x-4");
}

TEST(WorkFolderTest, FoldersNumberedAtTheSameMomentAreNotShared) {
  const testing::TempDir folder;
  std::vector<fs::path> paths(8);
  {
    std::vector<std::jthread> threads;
    for (fs::path& path : paths)
      threads.emplace_back([&] {
        path = WorkFolder::create({folder / "x", true}, kKind).path();
      });
  }
  EXPECT_EQ(std::set<fs::path>(paths.begin(), paths.end()).size(), 8);
}

TEST(WorkFolderTest, IsHeldUntilItsOwnerEnds) {
  const testing::TempDir folder;
  {
    const WorkFolder made = WorkFolder::create({folder / "x"}, kKind);
    EXPECT_THROW(WorkFolder::open(folder / "x"), EnvironmentError);
    EXPECT_THROW(WorkFolder::create({folder / "x"}, kKind), EnvironmentError);
  }
  EXPECT_NO_THROW(WorkFolder::open(folder / "x"));
}

TEST(WorkFolderTest, OpeningRemovesWhatAKilledWriterLeft) {
  const testing::TempDir folder;
  std::ofstream(folder / ".last.tmp-123") << "half";
  std::ofstream(folder / "last") << "whole";
  WorkFolder::open(folder.path());
  EXPECT_FALSE(fs::exists(folder / ".last.tmp-123"));
  EXPECT_EQ(content(folder / "last"), "whole");
}

}  // namespace
}  // namespace digitorch
