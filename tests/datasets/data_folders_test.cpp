#include "datasets/data_folders.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/support/data_files.h"
#include "tests/support/temp_dir.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;
using testing::contains;
using testing::error_of;
using testing::TempDir;

/// Works in a folder of its own, in which nothing is, and restores folder and
/// environment.
class DataFoldersTest : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::current_path(here_.path());
    setenv("HOME", (here_ / "home").c_str(), 1);
    unsetenv("XDG_DATA_HOME");
    unsetenv("DIGITORCH_DATA");
  }
  void TearDown() override {
    fs::current_path(before_);
    setenv("HOME", home_.c_str(), 1);
    unsetenv("XDG_DATA_HOME");
    unsetenv("DIGITORCH_DATA");
  }
  static fs::path make(const fs::path& folder) {
    fs::create_directories(folder);
    return folder;
  }
  static fs::path found() { return find_named_folder("none-such", "data"); }

  const fs::path before_ = fs::current_path();
  const std::string home_ =
      std::getenv("HOME") == nullptr ? "" : std::getenv("HOME");
  TempDir here_;
};

TEST_F(DataFoldersTest, LooksInTheUsualFoldersInOrder) {
  const fs::path of_user =
      make(here_ / "home/.local/share/digitorch/none-such");
  EXPECT_EQ(found(), of_user);
  const fs::path of_xdg = make(here_ / "xdg/digitorch/none-such");
  setenv("XDG_DATA_HOME", (here_ / "xdg").c_str(), 1);
  EXPECT_EQ(found(), of_xdg);
  make(here_ / "data/none-such");
  EXPECT_EQ(found(), fs::path("data/none-such"));
  setenv("DIGITORCH_DATA", (here_ / "named").c_str(), 1);
  EXPECT_EQ(found(), fs::path("data/none-such"));
  const fs::path named = make(here_ / "named/none-such");
  EXPECT_EQ(found(), named);
}

TEST_F(DataFoldersTest, AFolderThatIsNamedIsTheOnlyOne) {
  make(here_ / "data/none-such");
  EXPECT_EQ(find_named_folder("none-such", "other"), "other/none-such");
}

TEST_F(DataFoldersTest, SaysWhereItLookedAndNamesAScriptThatExists) {
  const std::string error = error_of([] { found(); });
  const std::string of_user = (here_ / "home/.local/share/digitorch").string();
  EXPECT_TRUE(contains(error, "not found in data, " + of_user));
  const std::string command = fetch_command("mnist", of_user);
  EXPECT_TRUE(contains(command, " mnist " + of_user));
  const fs::path script = command.substr(0, command.find(' '));
  EXPECT_TRUE(script.is_absolute()) << script;
  EXPECT_TRUE(fs::exists(script)) << script;
  EXPECT_TRUE(contains(error, "Run: " + fetch_command("none-such", of_user)));
  make(here_ / "scripts/fetch_data.sh");
  EXPECT_EQ(fetch_command("mnist", "data"), "scripts/fetch_data.sh mnist");
}

}  // namespace
}  // namespace digitorch
