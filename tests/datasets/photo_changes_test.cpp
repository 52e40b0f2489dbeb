#include "datasets/photo_changes.h"

#include <gtest/gtest.h>

#include "datasets/generator.h"

namespace digitorch {
namespace {

/// Changes nothing; tests set what they look at.
PhotoChanges none() {
  return {
      .flip = false,
      .shift = 0,
      .brightness = 0,
      .contrast = 0,
      .saturation = 0,
      .erased = 1e-9};
}

torch::Tensor pictures(int64_t count) {
  return torch::rand({count, 3, 12, 20}, make_generator(1));
}

torch::Tensor changed(const torch::Tensor& images, const PhotoChanges& by) {
  return change_photos(images, by, make_generator(2));
}

TEST(PhotoChangesTest, NothingAskedChangesNothing) {
  const torch::Tensor images = pictures(50);
  EXPECT_TRUE(changed(images, none()).allclose(images, 1e-5, 1e-6));
}

TEST(PhotoChangesTest, FlipMirrorsAboutHalfOfThePictures) {
  PhotoChanges by = none();
  by.flip = true;
  const torch::Tensor images = pictures(400);
  const torch::Tensor found = changed(images, by);
  int64_t mirrored = 0;
  for (int64_t i = 0; i < 400; ++i) {
    const bool flipped = found[i].allclose(images[i].flip(2), 1e-5, 1e-6);
    ASSERT_TRUE(flipped || found[i].allclose(images[i], 1e-5, 1e-6)) << i;
    mirrored += flipped ? 1 : 0;
  }
  EXPECT_NEAR(static_cast<double>(mirrored), 200, 50);
}

TEST(PhotoChangesTest, ShiftsMoveUpToTheirPartAndRepeatTheEdge) {
  PhotoChanges by = none();
  by.shift = 0.25;
  torch::Tensor images = torch::arange(20).view({1, 1, 1, 20}) / 19.0;
  images = images.expand({300, 1, 12, 20}).contiguous();
  const torch::Tensor left = changed(images, by).select(3, 0).select(2, 0) * 19;
  EXPECT_NEAR(left.max().item<double>(), 5, 1e-4);
  EXPECT_NEAR(
      left.min().item<double>(), 0, 1e-4
  );  // what was there is repeated
}

TEST(PhotoChangesTest, LightStaysInRange) {
  PhotoChanges by = none();
  by.brightness = by.contrast = by.saturation = 0.9;
  const torch::Tensor found = changed(pictures(100), by);
  EXPECT_GE(found.min().item<float>(), 0);
  EXPECT_LE(found.max().item<float>(), 1);
  by = none();
  by.saturation = 0.9;
  const torch::Tensor grey = torch::full({10, 3, 4, 4}, 0.5);
  EXPECT_TRUE(changed(grey, by).allclose(grey)
  );  // grey has no colour to change
}

TEST(PhotoChangesTest, RectanglesAreErasedInTheirPartOfThePictures) {
  PhotoChanges by = none();
  by.erased = 0.5;
  by.rectangle = 0.8;
  const torch::Tensor images = pictures(400);
  const torch::Tensor holes =
      (changed(images, by) - images).abs().amax(1) > 1e-4;
  const double part =
      holes.flatten(1).any(1).to(torch::kFloat64).mean().item<double>();
  EXPECT_NEAR(part, 0.5, 0.12);
  // Half as wide as high at most, on average 0.4 x 0.4 of those that have one.
  EXPECT_LT(holes.to(torch::kFloat64).mean().item<double>(), 0.5 * 0.3);
}

TEST(PhotoChangesTest, TheGeneratorDecidesAll) {
  const torch::Tensor images = pictures(8);
  EXPECT_TRUE(torch::equal(changed(images, {}), changed(images, {})));
  EXPECT_FALSE(torch::equal(
      changed(images, {}), change_photos(images, {}, make_generator(3))
  ));
}

}  // namespace
}  // namespace digitorch
