#include "datasets/cifar.h"

#include <gtest/gtest.h>

#include "datasets/catalog.h"
#include "tests/support/data_files.h"
#include "tests/support/temp_dir.h"

namespace digitorch {
namespace {

using testing::contains;
using testing::error_of;
using testing::TempDir;
using testing::write_file;

/// Records whose first red, green and blue pixels are 10, 20 and 30 times the
/// label.
std::string records(const std::vector<int>& labels) {
  std::string bytes;
  for (const int label : labels) {
    std::string pixels(3072, '\7');
    for (std::size_t c = 0; c < 3; ++c)
      pixels[1024 * c] = static_cast<char>(10 * (c + 1) * std::size_t(label));
    bytes += static_cast<char>(label) + pixels;
  }
  return bytes;
}

TEST(CifarTest, ReadsBatchesInOrderWithRedFirst) {
  const TempDir folder;
  EXPECT_FALSE(holds_cifar(folder.path()));
  write_file(folder / "data_batch_1.bin", records({3, 1}));
  write_file(folder / "data_batch_2.bin", records({2}));
  write_file(folder / "test_batch.bin", records({8, 0}));
  EXPECT_TRUE(holds_cifar(folder.path()));
  const DataSet set = load_data({.data = folder.path().string()});
  EXPECT_EQ(set.train.format(), InputFormat({"plain", 3, 32, 32}));
  EXPECT_TRUE(
      torch::equal(set.train.labels, torch::tensor({3, 1, 2}, torch::kInt64))
  );
  EXPECT_EQ(set.train.images[0][0][0][0].item<int>(), 30);
  EXPECT_EQ(set.train.images[0][2][0][0].item<int>(), 90);
  EXPECT_EQ(set.train.images[2][1][0][1].item<int>(), 7);
  EXPECT_EQ(set.test.size(), 2);
  EXPECT_EQ(set.test.class_names[8], "ship");
  EXPECT_EQ(
      load_evaluation_data({.data = folder.path().string()}).test.size(), 2
  );
}

TEST(CifarTest, TakesTheNamesInItsFile) {
  const TempDir folder;
  write_file(folder / "test_batch.bin", records({1}));
  write_file(folder / "batches.meta.txt", "a\r\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n");
  EXPECT_EQ(read_cifar(folder.path(), true).test.class_names[1], "b");
  write_file(folder / "batches.meta.txt", "a\nb\n");
  EXPECT_TRUE(contains(
      error_of([&] { read_cifar(folder.path(), true); }),
      "batches.meta.txt: found 2 names; expected 10"
  ));
}

TEST(CifarTest, RefusesWhatIsCutOrHasOtherLabels) {
  const TempDir folder;
  write_file(folder / "test_batch.bin", records({1}).substr(0, 3000));
  EXPECT_TRUE(contains(
      error_of([&] { read_cifar(folder.path(), false); }),
      "test_batch.bin: found 3000 bytes; expected records of 3073"
  ));
  write_file(folder / "test_batch.bin", records({10}));
  EXPECT_TRUE(contains(
      error_of([&] { read_cifar(folder.path(), false); }),
      "found the label 10; expected 0 to 9"
  ));
}

}  // namespace
}  // namespace digitorch
