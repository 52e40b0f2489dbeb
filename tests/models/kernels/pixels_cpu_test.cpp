#include "models/kernels/pixels_cpu.h"

#include <gtest/gtest.h>

namespace digitorch {
namespace {

// Sizes with and without whole registers, one of them for several threads.
class PixelsTest : public ::testing::TestWithParam<int64_t> {};

TEST_P(PixelsTest, AreFetchedWithTheBitsOfAten) {
  torch::manual_seed(1);
  const auto images = torch::randint(0, 256, {20, GetParam()}, torch::kUInt8);
  const auto indices = torch::randint(0, 20, {50}, torch::kInt64);
  EXPECT_TRUE(torch::equal(
      fetched_pixels(images, indices),
      images.index_select(0, indices).to(torch::kFloat32) / 255
  ));
}

TEST_P(PixelsTest, AreNormalisedWithTheBitsOfAten) {
  torch::manual_seed(1);
  const auto pixels = torch::rand({20, 1, 1, GetParam()});
  EXPECT_TRUE(torch::equal(
      normalised_pixels(pixels, 0.1307, 0.3081), (pixels - 0.1307) / 0.3081
  ));
}

TEST_P(PixelsTest, APartOfEachPictureIsNormalisedWithTheBitsOfAten) {
  torch::manual_seed(1);
  const torch::Tensor part =
      torch::rand({5, 3, 9, GetParam() + 4}).slice(2, 2, -2).slice(3, 2, -2);
  const torch::Tensor found = normalised_pixels(part, 0.1307, 0.3081);
  EXPECT_TRUE(found.is_contiguous());
  EXPECT_TRUE(torch::equal(found, (part - 0.1307) / 0.3081));
}

INSTANTIATE_TEST_SUITE_P(
    Sizes, PixelsTest, ::testing::Values(1, 7, 8, 13, 784, 3072, 5001)
);

TEST(PixelsOpTest, EveryByteIsItsPartOf255) {
  const auto images = torch::arange(256, torch::kUInt8).view({1, 256});
  const torch::Tensor found =
      fetched_pixels(images, torch::zeros({1}, torch::kInt64));
  EXPECT_TRUE(torch::equal(found[0], torch::arange(256.F) / 255));
}

TEST(PixelsOpTest, NoPicturesAreNone) {
  const auto images = torch::zeros({3, 1, 2, 2}, torch::kUInt8);
  EXPECT_EQ(
      fetched_pixels(images, torch::zeros({0}, torch::kInt64)).sizes(),
      (torch::IntArrayRef{0, 1, 2, 2})
  );
}

TEST(PixelsOpTest, AnIndexOutsideIsRefused) {
  const auto images = torch::zeros({3, 4}, torch::kUInt8);
  for (const int64_t index : {-1, 3})
    EXPECT_THROW(
        fetched_pixels(images, torch::full({1}, index, torch::kInt64)),
        c10::IndexError
    );
}

}  // namespace
}  // namespace digitorch
