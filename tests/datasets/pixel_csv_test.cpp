#include "datasets/pixel_csv.h"

#include <gtest/gtest.h>

#include "datasets/mnist.h"
#include "tests/support/data_files.h"
#include "tests/support/temp_dir.h"

namespace digitorch {
namespace {

using testing::error_of;
using testing::TempDir;
using testing::write_file;

std::string row(int label, int first_pixel) {
  std::string text = label < 0 ? "" : std::to_string(label) + ",";
  text += std::to_string(first_pixel);
  for (int i = 1; i < 784; ++i) text += "," + std::to_string(i % 256);
  return text;
}

class PixelCsvTest : public ::testing::Test {
 protected:
  ImageSet read(const std::string& text) {
    write_file(path_, text);
    return read_pixel_csv(path_);
  }
  std::string error(const std::string& text) {
    return error_of([&] { read(text); });
  }

  TempDir folder_;
  std::filesystem::path path_ = folder_ / "train.csv";
};

TEST_F(PixelCsvTest, ReadsALabelAndItsPixelsWithAndWithoutAHeading) {
  const std::string rows = row(7, 255) + "\r\n" + row(0, 3) + "\n";
  for (const std::string heading :
       {"", "label,pixel0,pixel1\r\n", "\"label\"\n"}) {
    const ImageSet set = read(heading + rows);
    ASSERT_EQ(set.size(), 2);
    EXPECT_EQ(set.labels[0].item<int>(), 7);
    EXPECT_EQ(set.images[0][0][0][0].item<int>(), 255);
    EXPECT_EQ(set.images[1][0][0][0].item<int>(), 3);
    EXPECT_EQ(set.images[1][0][1][2].item<int>(), 30);
  }
}

TEST_F(PixelCsvTest, RowsWithoutLabelsGiveNothing) {
  EXPECT_EQ(read("pixel0\n" + row(-1, 5) + "\n" + row(-1, 6)).size(), 0);
}

TEST_F(PixelCsvTest, NamesTheLineThatIsNoPicture) {
  const std::string expected =
      " is no label and 784 pixels, numbers from 0 to 255 with commas";
  const std::string good = row(1, 1) + "\n";
  for (const std::string& bad :
       {row(1, 256),
        row(1, 1) + ",1",
        row(1, 1) + ",",
        row(-1, 1),
        "1," + row(-1, 1).substr(4),
        std::string("1,2,x"),
        row(-2, 1) + ";"})
    EXPECT_EQ(error(good + bad), path_.string() + ": line 2" + expected);
  EXPECT_EQ(
      error("label\n"),
      path_.string() + ": no rows; expected a label and 784 pixels in each"
  );
}

TEST_F(PixelCsvTest, IsFoundAmongTheFilesOfAFolder) {
  write_file(
      folder_ / "train.csv", "label,1x1\n" + row(1, 1) + "\n" + row(2, 1)
  );
  write_file(folder_ / "test.csv", "1x1\n" + row(-1, 1));
  write_file(folder_ / "train_labels.csv", "name,label\na.png,3\n");
  const auto sets = find_idx_files(folder_.path());
  ASSERT_EQ(sets.size(), 1U);
  std::vector<std::string> warnings;
  const IdxSet set = read_idx_set(folder_.path(), sets.front(), warnings);
  EXPECT_EQ(set.train.class_names, (std::vector<std::string>{"1", "2"}));
  EXPECT_EQ(set.test.size(), 0);
  EXPECT_EQ(
      warnings.front(),
      (folder_ / "test.csv").string() + ": no labels, so it is left out"
  );
}

}  // namespace
}  // namespace digitorch
