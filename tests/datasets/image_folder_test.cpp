#include "datasets/image_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <opencv2/imgcodecs.hpp>

#include "tests/support/pictures.h"
#include "tests/support/temp_dir.h"

namespace digitorch {
namespace {

namespace fs = std::filesystem;
using testing::draw_digit;
using testing::encode;
using testing::TempDir;

void write(const fs::path& path, const std::string& bytes) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << bytes;
}

std::string picture() { return encode(".png", draw_digit(40)); }

struct Result {
  ImageSet digits;
  std::vector<std::string> warnings;
  std::string error;
};

/// Pictures are ink, whatever their classes, unless `format` says otherwise.
Result read(
    const fs::path& folder,
    bool skip_bad = false,
    const FormatWish& format = {.pictures = "ink"}
) {
  Result result;
  try {
    result.digits = read_image_folder(
        folder, {.skip_bad = skip_bad, .format = format}, result.warnings
    );
  } catch (const std::runtime_error& error) {
    result.error = error.what();
  }
  return result;
}

std::vector<int64_t> labels(const ImageSet& digits) {
  const auto* first = digits.labels.data_ptr<int64_t>();
  return {first, first + digits.size()};
}

TEST(ReadImageFolder, MakesOneClassOfEachSubFolderInTheOrderOfNames) {
  TempDir folder;
  write(folder / "ten/b.JPG", encode(".jpg", 255 - draw_digit(60)));
  write(folder / "ten/a.png", picture());
  write(folder / "Zwei \xc3\xa4/c d.pgm", encode(".pgm", draw_digit(30)));
  write(folder / "10/-x.bmp", encode(".bmp", draw_digit(30)));
  write(folder / "10/notes.txt", "left alone");
  write(folder / "10/.hidden.png", "left alone");
  write(folder / "10/deeper/x.png", picture());
  write(folder / ".cache/x.png", "left alone");
  write(folder / "loose.png", "left alone");

  const Result result = read(folder.path());
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(
      result.warnings,
      std::vector<std::string>{
          folder.path().string() +
          ": 3 files left out: 1 .txt, 1 beside the class folders, 1 hidden"}
  );
  const std::vector<std::string> names{"10", "Zwei \xc3\xa4", "ten"};
  EXPECT_EQ(result.digits.class_names, names);
  EXPECT_EQ(labels(result.digits), (std::vector<int64_t>{0, 0, 1, 2, 2}));
  EXPECT_EQ(result.digits.images.scalar_type(), torch::kUInt8);
  EXPECT_EQ(result.digits.images.sizes(), (std::vector<int64_t>{5, 1, 28, 28}));
  for (int64_t i = 0; i < 5; ++i)
    EXPECT_EQ(result.digits.images[i].max().item<int>(), 255);
  EXPECT_EQ(
      result.digits.files,
      (std::vector<std::string>{
          "10/-x.bmp",
          "10/deeper/x.png",
          "Zwei \xc3\xa4/c d.pgm",
          "ten/a.png",
          "ten/b.JPG"})
  );
}

TEST(ReadImageFolder, SaysWhatIsExpectedWhereThereAreNoClasses) {
  TempDir folder;
  const std::string name = folder.path().string();
  const std::string expected =
      "; expected one sub-folder of pictures for each class";
  EXPECT_EQ(read(folder.path()).error, name + ": no sub-folders" + expected);
  write(folder / "a.png", picture());
  EXPECT_EQ(
      read(folder.path()).error,
      name + ": no sub-folders (1 file left out: 1 beside the class folders)" +
          expected
  );
  EXPECT_EQ(
      read(folder / "a.png").error, name + "/a.png: not a folder" + expected
  );
  EXPECT_EQ(
      read(folder / "none").error, name + "/none: no such folder" + expected
  );
  fs::remove(folder / "a.png");
  write(folder / "empty/a.heic", "");
  write(folder / "empty/b.HEIC", "");
  EXPECT_EQ(
      read(folder.path()).error,
      name +
          ": no picture in 1 sub-folder (2 files left out: 2 .heic); "
          "expected files that end in .png, .jpg or the like"
  );
}

TEST(ReadImageFolder, WarnsOfEmptySingleAndBlank) {
  TempDir folder;
  const std::string name = folder.path().string();
  write(folder / "a/1.png", picture());
  write(
      folder / "a/2.png", encode(".png", cv::Mat(9, 9, CV_8U, cv::Scalar(9)))
  );
  EXPECT_EQ(
      read(folder.path()).warnings,
      (std::vector<std::string>{
          name + ": only one class, a", name + ": 1 picture without ink"})
  );
  fs::create_directory(folder / "b");
  write(folder / "c/1.png", picture());
  const Result result = read(folder.path());
  EXPECT_EQ(
      result.warnings,
      (std::vector<std::string>{
          name + "/b: a folder without pictures, which makes no class",
          name + ": 1 picture without ink"})
  );
  EXPECT_EQ(result.digits.class_names, (std::vector<std::string>{"a", "c"}));
}

TEST(ReadImageFolder, WarnsOfPicturesWhoseColourIsLost) {
  TempDir folder;
  const cv::Mat red(32, 32, CV_8UC3, cv::Scalar(40, 40, 220));
  cv::Mat grey_in_colour;
  cv::merge(std::vector<cv::Mat>(3, draw_digit(40)), grey_in_colour);
  cv::Mat icon(64, 64, CV_8UC3, cv::Scalar::all(255));
  red.copyTo(icon(cv::Rect(10, 10, 32, 32)));
  write(folder / "a/1.png", encode(".png", icon));
  write(folder / "b/1.png", encode(".png", grey_in_colour));
  EXPECT_TRUE(read(folder.path()).warnings.empty());
  write(folder / "b/2.jfif", encode(".jpg", icon));
  EXPECT_EQ(
      read(folder.path()).warnings,
      std::vector<std::string>{
          folder.path().string() +
          ": 2 of 3 pictures in colour; the network sees light and dark alone"}
  );
}

TEST(ReadImageFolder, IsInColourWhereATenthOfThePicturesIs) {
  TempDir folder;
  cv::Mat icon(64, 32, CV_8UC3, cv::Scalar(255, 255, 255));
  icon(cv::Rect(4, 4, 20, 20)) = cv::Scalar(40, 40, 220);
  write(folder / "a/1.png", encode(".png", icon));
  for (int i = 0; i < 9; ++i)
    write(folder / "b" / (std::to_string(i) + ".png"), picture());
  const ImageSet coloured = read(folder.path(), false, {}).digits;
  EXPECT_EQ(coloured.format(), InputFormat({"plain", 3, 28, 28}));
  EXPECT_GT(
      coloured.images[0][0].sum().item<int64_t>(),  // red
      coloured.images[0][1].sum().item<int64_t>()
  );

  write(folder / "b/9.png", picture());
  const ImageSet grey = read(folder.path(), false, {}).digits;
  EXPECT_EQ(grey.format(), InputFormat({"plain", 1, 28, 28}));
  // The same as if grey had been asked for, as it is when a network reads them.
  EXPECT_TRUE(torch::equal(
      grey.images,
      read(folder.path(), false, exactly(grey.format())).digits.images
  ));
  const Result large = read(folder.path(), false, {.height = 40, .width = 40});
  EXPECT_EQ(large.digits.format(), InputFormat({"plain", 1, 40, 40}));
}

TEST(ReadImageFolder, DigitsAreInk) {
  TempDir folder;
  write(folder / "4/1.png", picture());
  write(folder / "7/1.png", picture());
  EXPECT_EQ(read(folder.path(), false, {}).digits.format(), InputFormat());
}

TEST(ReadImageFolder, ListsTenBrokenPicturesAndCountsTheRest) {
  TempDir folder;
  const std::string name = folder.path().string();
  write(folder / "a/good.png", picture());
  write(folder / "b/good.png", picture());
  write(folder / "a/bad.png", "text");
  const std::string one = name +
                          "/a/bad.png: not a picture digitorch can read; "
                          "expected PNG, JPEG, BMP, TIFF, WebP or PGM";
  EXPECT_EQ(
      read(folder.path()).error,
      name + ": 1 unreadable picture: " + one +
          "; expected whole pictures. Leave them out with --skip-bad"
  );

  const Result skipped = read(folder.path(), /*skip_bad=*/true);
  EXPECT_EQ(skipped.error, "");
  EXPECT_EQ(labels(skipped.digits), (std::vector<int64_t>{0, 1}));
  EXPECT_EQ(
      skipped.warnings,
      std::vector<std::string>{name + ": 1 unreadable picture left out: " + one}
  );

  for (int i = 10; i < 21; ++i)
    write(folder / ("b/" + std::to_string(i) + ".png"), "");
  const std::string error = read(folder.path()).error;
  EXPECT_TRUE(error.starts_with(name + ": 12 unreadable pictures: " + one));
  EXPECT_NE(error.find("b/18.png: an empty file"), std::string::npos);
  EXPECT_EQ(error.find("b/19.png"), std::string::npos);
  EXPECT_NE(error.find(" | and 2 more; expected"), std::string::npos);
  EXPECT_EQ(error.find('\n'), std::string::npos);
}

TEST(ReadImageFolder, CountsTheFilesWithFurtherPages) {
  TempDir folder;
  write(folder / "a/1.png", picture());
  fs::create_directory(folder / "b");
  cv::imwritemulti(
      (folder / "b/1.tif").string(),
      std::vector<cv::Mat>{draw_digit(40), draw_digit(50), draw_digit(60)}
  );
  const Result result = read(folder.path());
  EXPECT_EQ(result.digits.size(), 2);
  EXPECT_EQ(
      result.warnings,
      std::vector<std::string>{
          folder.path().string() +
          ": 1 file with several pages; the first of each is read"}
  );
}

TEST(ReadImageFolder, RefusesAFolderOfBrokenPicturesEvenWhenSkipping) {
  TempDir folder;
  write(folder / "a/1.png", "");
  EXPECT_EQ(
      read(folder.path(), /*skip_bad=*/true).error,
      folder.path().string() +
          ": 1 unreadable picture: " + (folder / "a/1.png").string() +
          ": an empty file; expected PNG, JPEG, BMP, TIFF, WebP or PGM; "
          "expected whole pictures, one of them at least"
  );
}

TEST(ReadImageFolder, NamesPipesInsteadOfWaitingForThem) {
  TempDir folder;
  write(folder / "a/good.png", picture());
  write(folder / "b/good.png", picture());
  ASSERT_EQ(mkfifo((folder / "a/pipe.png").c_str(), 0600), 0);
  const std::string error = read(folder.path()).error;
  EXPECT_NE(error.find("a/pipe.png: is a pipe"), std::string::npos) << error;
  EXPECT_EQ(read(folder.path(), /*skip_bad=*/true).digits.size(), 2);
}

TEST(ReadImageFolder, FollowsLinksToPicturesAndToFolders) {
  TempDir folder, elsewhere;
  write(elsewhere / "c/x.png", picture());
  write(folder / "a/1.png", picture());
  write(folder / "b/1.png", picture());
  fs::create_symlink(elsewhere / "c/x.png", folder / "a/2.png");
  fs::create_directory_symlink(elsewhere / "c", folder / "c");
  fs::create_directory_symlink(folder.path(), folder / "loop");
  const Result result = read(folder.path());
  EXPECT_EQ(result.error, "");
  EXPECT_EQ(
      result.digits.class_names, (std::vector<std::string>{"a", "b", "c"})
  );
  EXPECT_EQ(labels(result.digits), (std::vector<int64_t>{0, 0, 1, 2}));
  EXPECT_EQ(
      result.warnings,
      std::vector<std::string>{
          folder.path().string() +
          ": 1 linked folder left out, leading to what is read already"}
  );

  fs::create_symlink("nowhere", folder / "b/dead.png");
  fs::create_symlink("self.png", folder / "b/self.png");
  const std::string error = read(folder.path()).error;
  EXPECT_NE(error.find("b/dead.png: no such file"), std::string::npos) << error;
  EXPECT_NE(error.find("b/self.png: no such file"), std::string::npos) << error;
}

std::vector<fs::path> listed(const fs::path& path) {
  std::vector<std::string> warnings;
  return list_images(path, warnings);
}

TEST(ListImages, TakesAFileAsItIs) {
  TempDir folder;
  write(folder / "scan", "anything");
  EXPECT_EQ(listed(folder / "scan"), std::vector{folder / "scan"});
}

TEST(ListImages, TakesThePicturesOfAFolderAndCountsTheOtherFiles) {
  TempDir folder;
  for (const char* name : {"b/2.png", "a.jpg", "b/no.heic"})
    write(folder / name, "");
  std::vector<std::string> warnings;
  EXPECT_EQ(
      list_images(folder.path(), warnings),
      (std::vector{folder / "a.jpg", folder / "b/2.png"})
  );
  EXPECT_EQ(
      warnings,
      std::vector<std::string>{
          folder.path().string() + ": 1 file left out: 1 .heic"}
  );
}

TEST(ListImages, SaysWhereNothingIs) {
  TempDir folder;
  EXPECT_THROW(listed(folder.path()), std::runtime_error);
  EXPECT_THROW(listed(folder / "missing"), std::runtime_error);
}

}  // namespace
}  // namespace digitorch
