#include "datasets/files/folder_walk.h"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/temp_dir.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;
using testing::TempDir;

void touch(const fs::path& path) {
  fs::create_directories(path.parent_path());
  std::ofstream(path).put('x');
}

TEST(WalkPictures, FindsPicturesBelowAFolderInTheOrderOfTheirPaths) {
  TempDir folder;
  for (const char* name :
       {"b/2.png", "b/10.PNG", "a.jpg", "c.tiff", "b/\xff\n.webp", "d.JFIF"})
    touch(folder / name);
  const FolderWalk walk = walk_pictures(folder.path());
  EXPECT_EQ(
      walk.pictures,
      (std::vector{
          folder / "a.jpg",
          folder / "b/10.PNG",
          folder / "b/2.png",
          folder / "b/\xff\n.webp",
          folder / "c.tiff",
          folder / "d.JFIF"})
  );
  EXPECT_TRUE(walk.left_out.empty());
  EXPECT_EQ(walk.left_out.text(), "");
}

TEST(WalkPictures, CountsWhatItLeavesOutByKind) {
  TempDir folder;
  for (int i = 0; i < 3; ++i)
    touch(folder / ("a/" + std::to_string(i) + ".HEIC"));
  for (const char* name : {"b/c/list.txt", "README", ".x.png", "1.png"})
    touch(folder / name);
  const FolderWalk walk = walk_pictures(folder.path());
  EXPECT_EQ(walk.pictures, std::vector{folder / "1.png"});
  EXPECT_EQ(
      walk.left_out.text(),
      "6 files left out: 3 .heic, 1 .txt, 1 hidden, 1 without an ending"
  );
}

TEST(WalkPictures, SumsUpRareKinds) {
  TempDir folder;
  for (char c = 'a'; c <= 'i'; ++c) touch(folder / (std::string("x.") + c));
  EXPECT_EQ(
      walk_pictures(folder.path()).left_out.text(),
      "9 files left out: 1 .a, 1 .b, 1 .c, 1 .d, 1 .e, 1 .f, 3 of other kinds"
  );
}

TEST(WalkPictures, PassesByWhatSystemsPutBesidePictures) {
  TempDir folder;
  for (const char* name :
       {"1.png",
        "__MACOSX/a/1.png",
        "@eaDir/1.png/THUMB.png",
        ".ipynb_checkpoints/1.png",
        ".DS_Store",
        "._1.png",
        "Thumbs.db",
        "desktop.ini"})
    touch(folder / name);
  const FolderWalk walk = walk_pictures(folder.path());
  EXPECT_EQ(walk.pictures, std::vector{folder / "1.png"});
  EXPECT_TRUE(walk.left_out.empty()) << walk.left_out.text();
}

TEST(WalkPictures, FollowsLinksToFoldersAndReadsNoFolderTwice) {
  TempDir folder, elsewhere;
  touch(elsewhere / "x/1.png");
  touch(folder / "a/1.png");
  fs::create_directory_symlink(elsewhere / "x", folder / "a/x");
  fs::create_directory_symlink(elsewhere / "x", folder / "a/x-again");
  fs::create_directory_symlink(folder / "a", elsewhere / "x/back");
  fs::create_directory_symlink("/", folder / "a/root");
  fs::create_directory_symlink("self", folder / "a/self");
  fs::create_symlink("nowhere", folder / "a/dead");
  const FolderWalk walk = walk_pictures(folder / "a");
  EXPECT_EQ(
      walk.pictures, (std::vector{folder / "a/1.png", folder / "a/x/1.png"})
  );
  EXPECT_EQ(
      walk.left_out.text(),
      "2 files left out: 2 without an ending; "
      "3 linked folders left out, leading to what is read already"
  );
}

TEST(WalkPictures, DoesNotReadTheFolderThatItSetOutFrom) {
  TempDir folder, elsewhere;
  touch(elsewhere / "x/1.png");
  fs::create_directory_symlink(elsewhere / "x", folder / "x");
  fs::create_directory_symlink(folder.path(), elsewhere / "x/back");
  const FolderWalk walk = walk_pictures(folder / "x", folder.path());
  EXPECT_EQ(walk.pictures, std::vector{folder / "x/1.png"});
  EXPECT_EQ(walk.left_out.loops, 1);
}

TEST(WalkPictures, LooksOnlySoDeepAndSaysSo) {
  TempDir folder;
  fs::path deep = folder.path();
  for (int level = 1; level < kMaxFolderLevels; ++level) deep /= "d";
  touch(deep / "seen.png");
  touch(deep / "d/unseen.png");
  const FolderWalk walk = walk_pictures(folder.path());
  EXPECT_EQ(walk.pictures, std::vector{deep / "seen.png"});
  EXPECT_EQ(walk.left_out.text(), "1 folder left out, below 16 others");
}

}  // namespace
}  // namespace digitorch
